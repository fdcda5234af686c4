/* memory: how much memory the data may take (maxmemory). Answers with a yes or
 * no and changes nothing: to make space is evict's. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Returns whether more memory is in use than maxmemory allows. */
bool memory_is_over_limit(void);

/* Returns whether that many bytes more would fit without evicting a key, or are
 * too few to matter. While memory is shared, none fits. */
bool memory_has_room(size_t bytes);

/* Notes whether a child process shares the memory. To move what is in a table
 * then copies the pages that it is on. */
void memory_share(bool shared);

#endif
