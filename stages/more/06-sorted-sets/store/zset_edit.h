/* zset_edit: removes many elements of a sorted set at once. */
#ifndef MORE_STORE_ZSET_EDIT_H
#define MORE_STORE_ZSET_EDIT_H

#include <stddef.h>

#include "store/entry.h"

/* Removes `count` elements from a rank on, which the sorted set must have:
 * O(log n + count). */
void zset_remove_run(struct entry *e, size_t rank, size_t count);

#endif
