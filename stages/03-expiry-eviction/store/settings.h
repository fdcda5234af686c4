/* settings: what can be configured about the data. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"

enum evict_policy {
    EVICT_LRU = 1 << 0,
    EVICT_LFU = 1 << 1,
    EVICT_RANDOM = 1 << 2,
    EVICT_TTL = 1 << 3,
    EVICT_ALL_KEYS = 1 << 4, /* else only those that have an expiry */
    EVICT_NOTHING = 1 << 5
};

struct store_settings {
    int64_t databases;
    bool active_rehashing; /* a resize goes on while nobody uses the table */
    int64_t expire_effort; /* 1 to 10: how few expired keys may stay */
    int64_t maxmemory; /* bytes; 0: no limit */
    int policy; /* of enum evict_policy */
    int64_t evict_samples; /* keys that are looked at for each one evicted */
    int64_t evict_limit_us; /* how long one command may wait for it */
    int64_t lfu_log_factor;
    int64_t lfu_decay_time; /* minutes */
};

extern struct store_settings store_settings;
extern const struct config_row store_config[];

#endif
