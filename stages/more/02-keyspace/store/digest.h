/* digest: sums up a data set in one number, whatever its order and encodings.
 *
 * Servers whose digests are equal hold the same data. What has an order is
 * mixed in: each step hashes all before it. What has none is added with
 * exclusive or. (computeDatasetDigest in debug.c.) */
#ifndef MORE_STORE_DIGEST_H
#define MORE_STORE_DIGEST_H

#include <stdint.h>

#include "common/sha1.h"
#include "common/slice.h"
#include "store/entry.h"

struct digest {
    uint8_t bytes[SHA1_BYTES];
};

/* Add bytes to a digest so that their order counts, or so that it does not. */
void digest_mix(struct digest *d, struct slice bytes);
void digest_add(struct digest *d, struct slice bytes);

/* Mixes or adds what an entry holds into a digest. */
typedef void digest_fn(const struct entry *e, struct digest *d);

/* Says how a value of that type is mixed in. */
void type_digest_set(enum type type, digest_fn *fn);

/* Calls fn after the value of each entry, for what a key has beside it. */
void digest_extend(digest_fn *fn);

/* Returns the digest of one value. */
struct digest digest_entry(const struct entry *e);

/* Returns the digest of all keys in all databases. */
struct digest digest_keyspace(void);

/* Writes 40 hexadecimal digits and a zero byte. */
void digest_hex(const struct digest *d, char out[2 * SHA1_BYTES + 1]);

#endif
