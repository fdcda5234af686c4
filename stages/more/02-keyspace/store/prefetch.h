/* prefetch: loads keys that are about to be looked up into the processor's
 * cache. */
#ifndef MORE_STORE_PREFETCH_H
#define MORE_STORE_PREFETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

struct db;
struct dict;
struct dict_node;

enum {
    PREFETCH_MAX = 16,
    PREFETCH_LARGE = 1024 /* elements; a smaller table is in the cache */
};

/* Asks the processor to load what a lookup of these keys will read, at most
 * PREFETCH_MAX. Changes nothing. Returns false if there are too few keys. The
 * second does so for any dict that is not empty, and writes the first nodes of
 * the buckets; NULL for an empty one. */
bool db_prefetch(const struct db *db, const struct slice *keys, size_t count);
void dict_prefetch(const struct dict *d, const struct slice *keys,
                   struct dict_node **nodes, size_t count);

#endif
