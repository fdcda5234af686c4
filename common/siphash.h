/* siphash: a keyed hash, SipHash-1-2.
 *
 * Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012.
 *
 * A client that does not know the key cannot choose keys that collide, which
 * keeps a hash table's chains short whatever a client sends. */
#ifndef COMMON_SIPHASH_H
#define COMMON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_BYTES = 16 };

uint64_t siphash(const void *bytes, size_t len,
                 const uint8_t key[SIPHASH_KEY_BYTES]);

/* The same with ASCII letters taken as lower case. */
uint64_t siphash_nocase(const void *bytes, size_t len,
                        const uint8_t key[SIPHASH_KEY_BYTES]);

#endif
