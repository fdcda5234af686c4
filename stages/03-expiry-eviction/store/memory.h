/* memory: how much of it there may be. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Whether more memory is in use than maxmemory allows. */
bool memory_is_over_limit(void);

/* Whether so many bytes more would fit without evicting a key, or are too few to
 * matter. */
bool memory_has_room(size_t bytes);

#endif
