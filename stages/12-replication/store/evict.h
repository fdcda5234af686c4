/* evict: removes keys because memory is short.
 *
 * The key to evict is the one that was not used for the longest time, or the
 * least often, or that expires first. To find it exactly would need all keys in
 * that order. Instead a few keys are sampled, and the best of all samples so
 * far wait in a pool; the best of the pool is evicted. With a pool of sixteen
 * and samples of five the choice comes close to the exact one. (evict.c in
 * Redis.) To evict a key costs a sample of each database that has keys. Does
 * not know commands: which of them need memory is dispatch's. */
#ifndef STORE_EVICT_H
#define STORE_EVICT_H

#include <stdbool.h>

enum evict_status {
    EVICT_FITS, /* memory is below the limit, or eviction is not allowed now */
    EVICT_UNDERWAY, /* the time was over before memory fit: call again */
    EVICT_STUCK /* no key may be evicted, but memory is above the limit */
};

/* Evicts keys until memory is below maxmemory, or for evict_limit_us. */
enum evict_status evict_to_fit(void);

/* Returns whether the last call returned EVICT_UNDERWAY. */
bool evict_is_underway(void);

#endif
