/* zset_value: measures, copies and digests sorted sets as a whole. */
#ifndef MORE_STORE_ZSET_VALUE_H
#define MORE_STORE_ZSET_VALUE_H

#include <stddef.h>

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

size_t zset_bytes(const struct entry *e, size_t samples);
struct entry *zset_copy(const struct entry *e, struct slice key);
void zset_digest(const struct entry *e, struct digest *d);

#endif
