/* value: measures, copies and digests hashes and sets as a whole. */
#ifndef MORE_STORE_VALUE_H
#define MORE_STORE_VALUE_H

#include <stddef.h>

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

size_t collection_bytes(const struct entry *e, size_t samples);
struct entry *hash_copy(const struct entry *e, struct slice key);
struct entry *set_copy(const struct entry *e, struct slice key);
void hash_digest(const struct entry *e, struct digest *d);
void set_digest(const struct entry *e, struct digest *d);

#endif
