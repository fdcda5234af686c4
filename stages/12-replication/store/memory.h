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

/* Bytes in use that no eviction can help against: it would make them more. They
 * do not count. */
extern size_t memory_not_counted;

/* Whether a child process shares the memory. Whatever is changed then, if it is
 * only a link or the time of access, makes the kernel copy its page. */
extern bool memory_is_shared;

#endif
