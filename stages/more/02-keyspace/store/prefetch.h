/* prefetch: loads keys that are about to be used into the processor's cache. */
#ifndef MORE_STORE_PREFETCH_H
#define MORE_STORE_PREFETCH_H

#include <stddef.h>

#include "common/slice.h"

struct db;

/* Asks memory for what looking these keys up will read. Changes nothing, and
 * finds nothing out. */
void db_prefetch(const struct db *db, const struct slice *keys, size_t count);

#endif
