/* evict: keys that leave because memory is short.
 *
 * Finding the key that was not used for longest would take a list of all keys
 * in that order. Instead a few keys are sampled and the best of them are kept
 * in a pool; the best of the pool leaves. With sixteen places and five samples
 * the choice comes close to the true order. (evict.c in Redis.) */
#ifndef STORE_EVICT_H
#define STORE_EVICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

enum evict_policy {
    EVICT_LRU = 1 << 0,
    EVICT_LFU = 1 << 1,
    EVICT_RANDOM = 1 << 2,
    EVICT_TTL = 1 << 3,
    EVICT_ALL_KEYS = 1 << 4, /* else only those that have an expiry */
    EVICT_NOTHING = 1 << 5
};

struct evict_settings {
    int64_t maxmemory; /* bytes; 0: no limit */
    int policy; /* of enum evict_policy */
    int64_t samples;
    int64_t tenacity;
    int64_t lfu_log_factor;
    int64_t lfu_decay_time; /* minutes */
    bool lazily;
};
extern struct evict_settings evict_settings;
extern const struct config_row evict_config[];

extern int64_t evicted_keys; /* since the start or CONFIG RESETSTAT */

/* Whether the policy wants to know how often a key is used. */
bool evict_counts_use(void);

enum evict_status {
    EVICT_FITS, /* memory is below the limit */
    EVICT_UNDERWAY, /* more must go, and will */
    EVICT_STUCK /* there is nothing more to evict */
};

/* Whether a later call is wanted, to go on where the last one stopped. */
bool evict_is_underway(void);

/* Whether so many bytes more would fit without anybody leaving, or are too few
 * to matter. */
bool evict_has_room(size_t bytes);

/* Removes keys until memory is below maxmemory, or for a bounded time. */
enum evict_status evict_to_fit(void);

#endif
