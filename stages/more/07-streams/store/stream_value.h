/* stream_value: measures, copies and digests a stream as a whole. */
#ifndef MORE_STORE_STREAM_VALUE_H
#define MORE_STORE_STREAM_VALUE_H

#include <stddef.h>

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

size_t stream_bytes(const struct entry *e, size_t samples);
struct entry *stream_copy(const struct entry *e, struct slice key);
void stream_digest(const struct entry *e, struct digest *d);

#endif
