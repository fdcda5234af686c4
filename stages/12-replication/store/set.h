/* set: members without an order, none twice; packed while they are few
 * integers.
 *
 *   intset      | -300 | 5 | 70 | ...        in one allocation, sorted
 *   hashtable   dict -> member, member, ...  one for each member
 *
 * A set begins as an intset. The first member that is not an integer, or one
 * more integer than set-max-intset-entries, makes it a hash table for good.
 *
 *   has, add, remove    O(1); intset: O(log n), and what a change moves
 *   iterate             O(n)
 *
 * Knows entries, but not the dict that they are in. Commands decide when an
 * empty set goes. */
#ifndef STORE_SET_H
#define STORE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/numbers.h"
#include "common/slice.h"
#include "store/dict.h"
#include "store/entry.h"

/* Creates an entry with an empty set, which no dict has yet. */
struct entry *set_create(struct slice key);

/* What only reads takes NULL for the entry of a missing key: it is empty. */

/* Returns the number of members. */
size_t set_size(const struct entry *e);

/* Returns whether the set has that member. */
bool set_has(const struct entry *e, struct slice member);

/* Adds a member, which must not be in the set itself. Returns false if the set
 * has it. */
bool set_add(struct entry *e, struct slice member);

/* Removes a member. Returns false if the set does not have it. */
bool set_remove(struct entry *e, struct slice member);

/* Goes over all members, ascending in an intset. The set must not change until
 * set_next has returned false, or until set_iterate_end, which a caller must
 * call that leaves the loop before. A member is valid until the next call. */
struct set_iterator {
    const struct entry *entry;
    size_t index; /* of the next member, in an intset */
    struct dict_iterator nodes; /* in a hash table */
    char scratch[INT64_TEXT_MAX];
};
void set_iterate(struct set_iterator *it, const struct entry *e);
bool set_next(struct set_iterator *it, struct slice *member);
void set_iterate_end(struct set_iterator *it);

/* Frees the set of an entry: all, or about as many members as `count`. The
 * second returns whether there are more; the first must follow in the end. */
void set_free(struct entry *e);
bool set_free_some(struct entry *e, size_t count);

#endif
