/* bytes: measures the memory of keys and dicts. */
#ifndef MORE_STORE_BYTES_H
#define MORE_STORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#include "store/entry.h"

struct dict;

/* Returns the bytes of a value outside its entry, estimated from so many of its
 * elements; 0: all of them. */
typedef size_t type_bytes_fn(const struct entry *e, size_t samples);

/* Says how values of that type are measured. */
void type_bytes_set(enum type type, type_bytes_fn *fn);

/* Returns the bytes of an entry with its value. */
size_t entry_bytes(const struct entry *e, size_t samples);

/* Returns the bytes of a dict's tables, without the nodes. */
size_t dict_bytes(const struct dict *d);

/* Returns how many references Redis would count: nothing is shared here, but
 * clients expect that small integers are. */
int entry_references(const struct entry *e);

/* Lets fn say whether Redis would share small integers now. Until then it
 * would. */
void entry_sharing_set(bool (*fn)(void));

#endif
