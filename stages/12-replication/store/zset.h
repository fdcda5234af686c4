/* zset: a sorted set: members, each with a score, in the order of the scores;
 * packed while they are few and short.
 *
 *   listpack    | member | score | member | score | ...    in order
 *
 *   skiplist    dict ------> a node for each member, which is in both
 *               skip list ---^
 *
 * The dict finds the node of a member, the skip list those of a score or a
 * rank: neither could do both. Members with equal scores are in the order of
 * their bytes. The limits of a listpack are zset-max-listpack-entries and
 * zset-max-listpack-value. A sorted set that is over one of them is converted,
 * and stays so.
 *
 *                                       skiplist         listpack
 *   score of a member                   O(1)             all before it
 *   add, remove, rank of a bound        O(log n)         all before it
 *   iterate from a rank on, each one    O(log n), O(1)   all before it, O(1)
 *
 * Knows entries, but not the dict that they are in. Commands decide when an
 * empty sorted set goes. */
#ifndef STORE_ZSET_H
#define STORE_ZSET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/numbers.h"
#include "common/slice.h"
#include "store/bound.h"
#include "store/entry.h"
#include "store/skiplist.h"

/* What an entry points to that is not packed. */
struct zset {
    struct dict members; /* its nodes are the first member of a skip_node */
    struct skip_node *head; /* of the skip list with the same nodes */
};

/* Creates an entry with an empty sorted set, which no dict has yet. */
struct entry *zset_create(struct slice key);

/* What only reads takes NULL for the entry of a missing key: it is empty. */

/* Returns the number of members. */
size_t zset_length(const struct entry *e);

/* Finds the score of a member. Returns false if there is no such member. */
bool zset_score(const struct entry *e, struct slice member, double *score);

/* Returns how many members are before the bound. */
size_t zset_rank(const struct entry *e, const struct bound *b);

/* What zset_add may do; any of them together. */
enum zset_rule {
    ZSET_ADD_ONLY = 1 << 0, /* changes no score: NX */
    ZSET_UPDATE_ONLY = 1 << 1, /* adds no member: XX */
    ZSET_IF_GREATER = 1 << 2, /* changes a score to a greater one only: GT */
    ZSET_IF_LESS = 1 << 3, /* and to one that is less: LT */
    ZSET_INCREMENT = 1 << 4 /* adds to the score that there is */
};
enum zset_outcome {
    ZSET_REFUSED, /* by the rules; *score is as it was */
    ZSET_NOT_A_NUMBER, /* inf and -inf have no sum; nothing has changed */
    ZSET_SAME, /* the member has that score already */
    ZSET_UPDATED,
    ZSET_ADDED
};

/* Adds a member, which must not be in the sorted set itself, or changes its
 * score. *score is not NaN. It is set to the member's new score. */
enum zset_outcome zset_add(struct entry *e, struct slice member, double *score,
                           unsigned rules);

/* Removes a member. Returns false if there is no such member. */
bool zset_remove(struct entry *e, struct slice member);

/* Moves all elements of a packed sorted set into a skip list. */
void zset_convert(struct entry *e);

/* Goes over `count` members from a rank on, in ascending or descending order.
 * So many there must be. The sorted set must not change until zset_next has
 * returned false; the caller may stop before. A member is valid until the next
 * call. */
struct zset_iterator {
    const struct entry *entry;
    size_t left; /* how many are still to come */
    bool is_reverse;
    size_t at; /* the position of the next, if they are packed */
    const struct skip_node *node; /* the next, if they are not */
    char scratch[INT64_TEXT_MAX];
};
void zset_iterate(struct zset_iterator *it, const struct entry *e, size_t rank,
                  size_t count, bool is_reverse);
bool zset_next(struct zset_iterator *it, struct slice *member, double *score);

/* Frees the sorted set of an entry: all, or about as many members as `count`.
 * The second returns whether there are more; the first must follow in the
 * end. */
void zset_free(struct entry *e);
bool zset_free_some(struct entry *e, size_t count);

#endif
