/* memory, inside: both questions compare with what zmalloc has given out, which
 * it counts with each call. So they cost a load and a comparison, and may be
 * asked before every command. */
#include "store/memory.h"

#include "common/zmalloc.h"
#include "store/settings.h"

size_t memory_not_counted;

bool memory_is_over_limit(void)
{
    return store_settings.maxmemory > 0 &&
           zmalloc_used_memory() - memory_not_counted >
               (size_t)store_settings.maxmemory;
}

bool memory_is_shared;

/* One hundredth of the limit is too little to matter. */
bool memory_has_room(size_t bytes)
{
    if (memory_is_shared)
        return false;
    size_t limit = (size_t)store_settings.maxmemory;
    return limit == 0 || bytes <= limit / 100 ||
           zmalloc_used_memory() - memory_not_counted + bytes <= limit;
}
