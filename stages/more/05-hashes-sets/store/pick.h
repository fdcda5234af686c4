/* pick: chooses random elements of a hash or a set, each with the same chance,
 * without a copy of the value. */
#ifndef MORE_STORE_PICK_H
#define MORE_STORE_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"
#include "store/entry.h"

/* Gets an element: a field with its value, or a member with an empty one, valid
 * during the call. Returns false if it wants no more. */
typedef bool picked_fn(void *context, struct slice name, struct slice value);

/* Picks that many elements, of which some may be the same. There must be one at
 * least. */
void pick_any(const struct entry *e, size_t count, picked_fn *fn,
              void *context);

/* Picks different elements, at most as many as there are: all of them in their
 * own order then. Of a hash table, fn may remove the one that it gets. */
void pick_distinct(const struct entry *e, size_t count, picked_fn *fn,
                   void *context);

#endif
