/* sha256: FIPS 180-4, for passwords. */
#ifndef COMMON_SHA256_H
#define COMMON_SHA256_H

#include <stdbool.h>

#include "slice.h"

enum { SHA256_HEX = 64 };

/* Writes the digest as lower-case hexadecimal and a NUL. */
void sha256_hex(struct slice bytes, char out[SHA256_HEX + 1]);

/* Compares in a time that depends on the length only. */
bool constant_time_equal(const char *a, const char *b, size_t len);

#endif
