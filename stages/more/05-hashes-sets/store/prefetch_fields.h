/* prefetch_fields: loads fields and members that are about to be looked up into
 * the processor's cache. */
#ifndef MORE_STORE_PREFETCH_FIELDS_H
#define MORE_STORE_PREFETCH_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

struct db;

/* Prefetches what the names mean in the values of these keys, where several in
 * a row are about one large hash table. Returns whether some are. */
bool prefetch_fields(struct db *db, const struct slice *keys,
                     const struct slice *names, size_t count);

#endif
