/* list_value: measures, copies and digests a list as a whole. */
#ifndef MORE_STORE_LIST_VALUE_H
#define MORE_STORE_LIST_VALUE_H

#include <stddef.h>

#include "more/02-keyspace/store/digest.h"
#include "store/entry.h"

size_t list_bytes(const struct entry *e, size_t samples);
struct entry *list_copy(const struct entry *e, struct slice key);
void list_digest(const struct entry *e, struct digest *d);

#endif
