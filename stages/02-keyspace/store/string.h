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

struct digest;

enum { STRING_MAX_BYTES = 512 * 1024 * 1024 };

/* An entry with the encoding that suits the value best. */
struct entry *string_create(struct slice key, struct slice value);
struct entry *string_create_integer(struct slice key, int64_t value);

/* A raw one of `len` bytes, all of them zero. */
struct entry *string_create_raw(struct slice key, size_t len);

/* Gives the entry another value where it stands; false when that takes another
 * entry. The entry must hold a string. */
bool string_assign(struct entry *e, struct slice value);

/* The bytes. Valid until the entry changes; an integer's are written into
 * `scratch`. */
struct slice string_value(const struct entry *e, char scratch[INT64_TEXT_MAX]);
size_t string_length(const struct entry *e);

/* Whether the value is the canonical text of an int64. */
bool string_integer(const struct entry *e, int64_t *out);

/* How many references Redis would count: nothing is shared here, but clients
 * expect that small integers are. */
int string_references(const struct entry *e);

/* For changing bytes: turns the value into a raw string of at least `len`
 * bytes, new ones zero. Returns its bytes through *data, and where the entry
 * is now: the caller must put it in place of `e`, which is gone if it moved. */
struct entry *string_edit(struct entry *e, size_t len, char **data);

/* The columns of the type's row. */
void string_free(struct entry *e);
struct entry *string_copy(const struct entry *e, struct slice key);
size_t string_bytes(const struct entry *e, size_t samples);
void string_digest(const struct entry *e, struct digest *digest);

#endif
