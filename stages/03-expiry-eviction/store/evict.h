/* evict: keys that are removed because memory is short.
 *
 * Finding the key that was not used for longest would take a list of all keys
 * in that order. Instead a few keys are sampled and the best of them are kept
 * in a pool; the best of the pool is evicted. With sixteen places and five samples
 * the choice comes close to the true order. (evict.c in Redis.) */
#ifndef STORE_EVICT_H
#define STORE_EVICT_H

#include <stdbool.h>

enum evict_status {
    EVICT_FITS, /* memory is below the limit */
    EVICT_UNDERWAY, /* more must go, and will */
    EVICT_STUCK /* there is nothing more to evict */
};

/* Removes keys until memory is below maxmemory, or for a bounded time. */
enum evict_status evict_to_fit(void);

/* Whether a later call is wanted, to go on where the last one stopped. */
bool evict_is_underway(void);

#endif
