/* hash: fields with values, packed while they are few and short.
 *
 *   listpack    | field | value | field | value | ...    in one allocation
 *   hashtable   dict -> field, field, ...                one for each field
 *
 * A listpack takes a few bytes for each field besides its own, a hash table
 * about 24 and a bucket. To find a field in a listpack is to compare it with
 * each before it, so that is for short ones. The limits are
 * hash-max-listpack-entries and hash-max-listpack-value. A hash that is over
 * one of them gets a hash table, and keeps it: one that goes up and down a
 * little would be converted each time.
 *
 *   find, set, delete    O(1); packed: all fields before it
 *   iterate              O(n)
 *
 * Knows entries, but not the dict that they are in. Commands decide when an
 * empty hash goes. */
#ifndef STORE_HASH_H
#define STORE_HASH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/numbers.h"
#include "common/slice.h"
#include "store/dict.h"
#include "store/entry.h"

/* Creates an entry with an empty hash, which no dict has yet. */
struct entry *hash_create(struct slice key);

/* Returns the number of fields. */
size_t hash_length(const struct entry *e);

/* Finds the value of a field, valid until the hash changes; that of an integer
 * is written into `scratch`. Returns false if there is no such field. */
bool hash_find(const struct entry *e, struct slice field,
               char scratch[INT64_TEXT_MAX], struct slice *value);

/* Adds a field or overwrites its value, neither of which may be in the hash
 * itself. Returns whether the field is new. */
bool hash_set(struct entry *e, struct slice field, struct slice value);

/* Deletes a field. Returns false if there is no such field. */
bool hash_delete(struct entry *e, struct slice field);

/* Goes over all fields, in the order in which they were added if they are
 * packed, and in none if not. The hash must not change until hash_next has
 * returned false. Field and value are valid until the next call. */
struct hash_iterator {
    const struct entry *entry;
    size_t at; /* the position of the next field, if they are packed */
    struct dict_iterator nodes; /* if they are not */
    char scratch[2][INT64_TEXT_MAX];
};
void hash_iterate(struct hash_iterator *it, const struct entry *e);
bool hash_next(struct hash_iterator *it, struct slice *field,
               struct slice *value);

/* Frees the hash of an entry: all, or about as many fields as `count`. The
 * second returns whether there are more; the first must follow in the end. */
void hash_free(struct entry *e);
bool hash_free_some(struct entry *e, size_t count);

#endif
