/* listpack: short values one after the other, in one allocation.
 *
 *   4 bytes    2        the elements                         1
 * +----------+-------+----------+----------+--- ... --------+------+
 * | bytes in | count |  head    | length   |                | 0xFF |
 * | all      |       |  + data  | backwards|                |      |
 * +----------+-------+----------+----------+--- ... --------+------+
 *
 * An element knows its length at both ends, so it can be walked over forwards
 * and backwards. A value that spells an integer is kept as one, in one to nine
 * bytes. To reach an element is to walk there, and to insert or delete one
 * moves all that follow: both are fast because a listpack is short and takes
 * few cache lines. The bytes are those of Redis, in memory and in files.
 * (listpack.c in Redis, and the specification by Salvatore Sanfilippo.)
 *
 * A position is the number of bytes before an element, or before the end. It
 * stays right while elements after it change. Knows no key, type or list. */
#ifndef STORE_LISTPACK_H
#define STORE_LISTPACK_H

#include <stddef.h>
#include <stdint.h>

#include "common/numbers.h"
#include "common/slice.h"

/* Creates an empty one, which the caller frees with zfree. */
uint8_t *listpack_create(void);

/* Returns the size in bytes, and the number of elements: O(1) below 65,535. */
size_t listpack_bytes(const uint8_t *pack);
size_t listpack_count(const uint8_t *pack);

/* The positions of the first element and after the last: equal if there is
 * none. `next` takes an element, `previous` anything but the first. */
size_t listpack_first(const uint8_t *pack);
size_t listpack_end(const uint8_t *pack);
size_t listpack_next(const uint8_t *pack, size_t at);
size_t listpack_previous(const uint8_t *pack, size_t at);

/* Returns the position of element `index`, which is below the count. It walks
 * from the end that is nearer. */
size_t listpack_seek(const uint8_t *pack, size_t index);

/* Returns the bytes of an element, valid until the listpack changes. Those of
 * an integer are written into `scratch`, and are valid as long as that is. */
struct slice listpack_get(const uint8_t *pack, size_t at,
                          char scratch[INT64_TEXT_MAX]);

/* Returns the position of the first element that is this value, or the end. It
 * compares the first element and each that follows after `stride`: 2 finds the
 * name of a pair. */
size_t listpack_find(const uint8_t *pack, struct slice value, size_t stride);

/* Inserts a value before a position; the new element has that position then.
 * Its bytes must not be in the listpack itself. Returns where the listpack is
 * now. */
uint8_t *listpack_insert(uint8_t *pack, size_t at, struct slice value);

/* The same for an integer, which needs no text. A listpack that was given more
 * memory with zrealloc stays where it is until that is used up: to delete gives
 * back what is not used, and so may replacing an integer. */
uint8_t *listpack_insert_integer(uint8_t *pack, size_t at, int64_t value);

/* Returns the integer of an element that is one. */
int64_t listpack_integer(const uint8_t *pack, size_t at);

/* Overwrites an integer with another. Returns where the listpack is now; what
 * follows has moved if the new one takes another number of bytes. */
uint8_t *listpack_replace_integer(uint8_t *pack, size_t at, int64_t value);

/* Deletes `count` elements from a position on, which must be there. Returns
 * where the listpack is now. */
uint8_t *listpack_delete(uint8_t *pack, size_t at, size_t count);

#endif
