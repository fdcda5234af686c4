/* settings: the configuration parameters of the data, and their rows.
 *
 * CONFIG SET and the configuration file write these variables through the rows;
 * the rest of store/ only reads them. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "store/access.h"

/* A policy is one of the first four with or without EVICT_ALL_KEYS, or
 * EVICT_NOTHING. */
enum evict_policy {
    EVICT_LRU = 1 << 0,
    EVICT_LFU = 1 << 1,
    EVICT_RANDOM = 1 << 2,
    EVICT_TTL = 1 << 3,
    EVICT_ALL_KEYS = 1 << 4, /* without it, only those that can expire */
    EVICT_NOTHING = 1 << 5
};

struct store_settings {
    int64_t databases; /* fixed when the server has started */
    bool active_rehashing; /* a resize goes on while no command uses the dict */
    int64_t expire_effort; /* 1 to 10: how sure the expire cycle wants to be */
    int64_t maxmemory; /* bytes; 0: no limit */
    int policy; /* of enum evict_policy */
    int64_t evict_samples; /* keys of a database for each one evicted */
    int64_t evict_limit_us; /* how long one command may wait for eviction */
    struct lfu_rates lfu;
    int64_t list_node_max; /* elements; or -1 to -5: 4, 8, 16, 32, 64 KB */
    int64_t hash_pack_entries; /* the most fields of a packed hash */
    int64_t hash_pack_value; /* bytes of its longest field or value */
    int64_t intset_entries; /* the most members of an intset */
    int64_t zset_pack_entries; /* the most members of a packed sorted set */
    int64_t zset_pack_value; /* bytes of its longest member */
    int64_t stream_node_bytes; /* of a node of a stream; 0: no limit */
    int64_t stream_node_entries; /* the most in it, also deleted; 0: no limit */
};

extern struct store_settings store_settings;
extern const struct config_row store_config[];

#endif
