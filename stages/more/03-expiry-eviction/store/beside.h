/* beside: copies and digests a key's expiration time with its value. */
#ifndef MORE_STORE_BESIDE_H
#define MORE_STORE_BESIDE_H

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

/* Gives a copy the expiration time of the key. Returns where the copy is
 * now. */
struct entry *copy_expiry(struct entry *copy, const struct entry *from);

/* Adds to a digest that a key has an expiration time, but not which, as Redis
 * does (debug.c). */
void digest_expiry(const struct entry *e, struct digest *d);

#endif
