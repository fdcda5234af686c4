/* numbers: text to numbers and back, to the letter as Redis does it.
 *
 * Parsing takes the whole slice or fails: no spaces, no sign '+', no leading
 * zero, so that a number has one spelling and can be stored as a number. */
#ifndef COMMON_NUMBERS_H
#define COMMON_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

enum {
    INT64_TEXT_MAX = 21, /* "-9223372036854775808" and its NUL */
    DOUBLE_TEXT_MAX = 32, /* of "%.17g" */
    LONG_DOUBLE_TEXT_MAX = 5120 /* LDBL_MAX written without exponent */
};

/* The canonical decimal only (string2ll in util.c). */
bool parse_int64(struct slice s, int64_t *out);
bool parse_uint64(struct slice s, uint64_t *out);

/* Anything strtod takes, hexadecimal and "inf" among them, but no space in
 * front, no NaN, no overflow (getDoubleFromObject in object.c). */
bool parse_double(struct slice s, double *out);

/* The same for long double (getLongDoubleFromObject, string2ld). */
bool parse_long_double(struct slice s, long double *out);

/* A size with a unit: 100, 1k, 1kb, 1m, 1mb, 1g, 1gb, 5b (memtoull). A unit
 * alone is 0 of it, a product past 64 bits wraps, and a NUL ends the text, as
 * in Redis. */
bool parse_memory(struct slice s, uint64_t *out);

/* Each writes text and a NUL, and returns the length without the NUL. */
size_t format_int64(char out[INT64_TEXT_MAX], int64_t value);
size_t format_uint64(char out[INT64_TEXT_MAX], uint64_t value);

/* "%.17g", with "inf" and "-inf": how a double looks in a reply. */
size_t format_double(char out[DOUBLE_TEXT_MAX], double value);

/* "%.17Lf" without trailing zeros: INCRBYFLOAT's result (ld2string, human). */
size_t format_long_double(char out[LONG_DOUBLE_TEXT_MAX], long double value);

/* "1.50M": a size for people, as in INFO's *_human fields. */
size_t format_bytes_human(char out[DOUBLE_TEXT_MAX], uint64_t bytes);

#endif
