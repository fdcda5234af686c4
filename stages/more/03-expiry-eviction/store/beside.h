/* beside: the expiry, where the value of a key is copied or digested. */
#ifndef MORE_STORE_BESIDE_H
#define MORE_STORE_BESIDE_H

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

/* Gives a copy the expiry of the key. Returns where the copy is now. */
struct entry *copy_expiry(struct entry *copy, const struct entry *from);

/* Adds that a key has an expiry, not which (debug.c in Redis). */
void digest_expiry(const struct entry *e, struct digest *d);

#endif
