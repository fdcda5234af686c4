/* string: values that are bytes, in three encodings.
 *
 *   int     12345 or -7: the number stands where a pointer would
 *   embstr  up to 44 bytes: inside the entry
 *   raw     anything: [ length | bytes ... room to grow ] of its own */
#ifndef STORE_STRING_H
#define STORE_STRING_H

#include "common/numbers.h"
#include "common/slice.h"
#include "store/entry.h"

/* An entry with the encoding that suits the value best. */
struct entry *string_create(struct slice key, struct slice value);
struct entry *string_create_until(struct slice key, struct slice value,
                                  int64_t when_ms);
struct entry *string_create_integer(struct slice key, int64_t value);

/* Gives the entry another value where it stands; false when that takes another
 * entry. The entry must hold a string. */
bool string_assign(struct entry *e, struct slice value);

/* The bytes. Valid until the entry changes; an integer's are written into
 * `scratch`. */
struct slice string_value(const struct entry *e, char scratch[INT64_TEXT_MAX]);
size_t string_length(const struct entry *e);

/* Whether the value is the canonical text of an int64. */
bool string_integer(const struct entry *e, int64_t *out);

/* For changing bytes: turns the value into a raw string of at least `len`
 * bytes, new ones zero. Returns its bytes through *data, and where the entry
 * is now: the caller must put it in place of `e`, which is gone if it moved. */
struct entry *string_edit(struct entry *e, size_t len, char **data);

/* Frees the bytes of a raw string. */
void string_free(struct entry *e);

#endif
