/* memory: how much memory the data may take (maxmemory). Answers with a yes or
 * no and changes nothing: to make space is evict's. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Returns whether more memory is in use than maxmemory allows. */
bool memory_is_over_limit(void);

/* Returns whether that many bytes more would fit without evicting a key, or are
 * too few to matter. While memory is shared, nothing fits. */
bool memory_has_room(size_t bytes);

/* Notes whether a child process shares the memory. A table that grows then would
 * make the kernel copy the pages of all its entries. */
void memory_share(bool shared);

#endif
