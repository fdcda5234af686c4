/* embedded: creates short strings that stay text though they spell an
 * integer. */
#ifndef MORE_STORE_EMBEDDED_H
#define MORE_STORE_EMBEDDED_H

#include "common/slice.h"
#include "store/entry.h"

/* Returns an entry that holds the text itself, at most EMBEDDED_MAX bytes. */
struct entry *string_create_embedded(struct slice key, struct slice text);

#endif
