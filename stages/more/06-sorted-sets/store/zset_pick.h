/* zset_pick: chooses random elements of a sorted set, each with the same
 * chance. A rank is drawn, and the skip list has the element of any rank. */
#ifndef MORE_STORE_ZSET_PICK_H
#define MORE_STORE_ZSET_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"
#include "store/entry.h"

/* Gets an element, valid during the call. Returns false if it wants no more. */
typedef bool element_fn(void *context, struct slice member, double score);

/* Picks that many elements, of which some may be the same. There must be one at
 * least. */
void zset_pick_any(const struct entry *e, size_t count, element_fn *fn,
                   void *context);

/* Picks different elements, at most as many as there are. */
void zset_pick_distinct(const struct entry *e, size_t count, element_fn *fn,
                        void *context);

#endif
