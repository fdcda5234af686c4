/* string: values that are bytes, in three encodings.
 *
 *   int     12345 or -7: the number is where a pointer would be
 *   embstr  up to 44 bytes: inside the entry
 *   raw     any number of bytes: an allocation of its own, with space to grow
 *
 * To create, assign or read a string costs the copy of its bytes; an integer's
 * text is made when it is read. Adding to the end is O(1) a byte in the long
 * run. Knows entries, but not the dict: a caller whose entry has moved tells
 * the keyspace. */
#ifndef STORE_STRING_H
#define STORE_STRING_H

#include "common/numbers.h"
#include "common/slice.h"
#include "store/entry.h"

/* Create an entry that no dict has yet, with the encoding that takes the least
 * memory for the value. */
struct entry *string_create(struct slice key, struct slice value);
struct entry *string_create_until(struct slice key, struct slice value,
                                  int64_t when_ms);
struct entry *string_create_integer(struct slice key, int64_t value);

/* Overwrites the value of a string without a new entry. Returns false, with
 * nothing changed, if the value needs one. */
bool string_assign(struct entry *e, struct slice value);

/* Returns the bytes of a string, valid until it changes. Those of an integer
 * are written into `scratch`, and are valid as long as that is. */
struct slice string_value(const struct entry *e, char scratch[INT64_TEXT_MAX]);
size_t string_length(const struct entry *e);

/* Returns whether the value is the canonical text of an int64: 7, not 07 or +7.
 * If so, writes the number to *out. */
bool string_integer(const struct entry *e, int64_t *out);

/* Makes the value a raw string of at least `len` bytes, new ones zero, for the
 * caller to change through *data. Returns where the entry is now: if it has
 * moved, `e` is freed, and the caller must call dict_moved if a dict has it. */
struct entry *string_edit(struct entry *e, size_t len, char **data);

/* Frees the bytes of a raw string; other encodings have none. */
void string_free(struct entry *e);

#endif
