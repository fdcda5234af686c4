/* intset: a set of integers, in order and without gaps.
 *
 *   4 bytes   4       count times width
 * +---------+-------+------+------+------+-----+
 * | width   | count | -300 | 5    | 70   | ... |
 * +---------+-------+------+------+------+-----+
 *
 * All integers have the same width of 2, 4 or 8 bytes, as much as the widest
 * of them has ever needed, so that the place of each is known and a search can
 * halve: find is O(log n). Insert and delete move all that follow. A set of 16
 * small integers takes 40 bytes, where a hash table would take 24 and more for
 * each. (intset.c in Redis, whose bytes in files these are on machines that
 * put the lowest byte first.) Knows no key and no type. */
#ifndef STORE_INTSET_H
#define STORE_INTSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intset {
    uint32_t width; /* of an integer, in bytes */
    uint32_t count;
    char bytes[]; /* ascending, none twice */
};

/* Creates an empty one, which the caller frees with zfree. */
struct intset *intset_create(void);

/* Returns the integer of that index, which is below the count. */
int64_t intset_get(const struct intset *s, size_t index);

/* Returns whether the integer is there. *index is its place, or that where it
 * would be inserted. */
bool intset_find(const struct intset *s, int64_t value, size_t *index);

/* Insert the integer for which intset_find returned false and this index, and
 * delete that of an index. They return where the intset is now. */
struct intset *intset_insert(struct intset *s, size_t index, int64_t value);
struct intset *intset_delete(struct intset *s, size_t index);

#endif
