/* prefetch: loads keys that are about to be looked up into the processor's
 * cache. */
#ifndef MORE_STORE_PREFETCH_H
#define MORE_STORE_PREFETCH_H

#include <stddef.h>

#include "common/slice.h"

struct db;

/* Asks the processor to load what a lookup of these keys will read. Changes
 * nothing. */
void db_prefetch(const struct db *db, const struct slice *keys, size_t count);

#endif
