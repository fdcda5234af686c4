/* sha1: FIPS 180-4, for DEBUG DIGEST, where collisions are no danger. */
#ifndef COMMON_SHA1_H
#define COMMON_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_BYTES = 20 };

void sha1(const void *bytes, size_t len, uint8_t out[SHA1_BYTES]);

#endif
