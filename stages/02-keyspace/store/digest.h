/* digest: one number for a data set, whatever order and encoding it is in.
 *
 * Two servers hold the same data when their digests agree. What has an order
 * is mixed in (each step hashes all before it), what has none is added in with
 * exclusive or. (computeDatasetDigest in debug.c.) */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include <stdint.h>

#include "common/sha1.h"
#include "common/slice.h"

struct db;
struct entry;

struct digest {
    uint8_t bytes[SHA1_BYTES];
};

void digest_mix(struct digest *d, struct slice bytes);
void digest_add(struct digest *d, struct slice bytes);

/* Of one value. */
struct digest digest_entry(const struct entry *e);

/* Of all keys in all databases. */
struct digest digest_keyspace(void);

/* Writes 40 hexadecimal digits and a NUL. */
void digest_hex(const struct digest *d, char out[2 * SHA1_BYTES + 1]);

#endif
