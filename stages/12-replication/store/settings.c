/* settings, inside: a row for each parameter, with its range and its
 * default, which is a text because it is parsed as a value of the
 * configuration file is. */
#include "store/settings.h"

#include <limits.h>
#include <stddef.h>

struct store_settings store_settings = {.evict_limit_us = 500};

static const struct choice policies[] = {
    {"volatile-lru", EVICT_LRU},
    {"volatile-lfu", EVICT_LFU},
    {"volatile-random", EVICT_RANDOM},
    {"volatile-ttl", EVICT_TTL},
    {"allkeys-lru", EVICT_LRU | EVICT_ALL_KEYS},
    {"allkeys-lfu", EVICT_LFU | EVICT_ALL_KEYS},
    {"allkeys-random", EVICT_RANDOM | EVICT_ALL_KEYS},
    {"noeviction", EVICT_NOTHING},
    {NULL, 0},
};

const struct config_row store_config[] = {
    {CONFIG_NUMBER(INTEGER, "databases", store_settings.databases, "16", 1,
                   INT_MAX),
     .flags = CONFIG_IMMUTABLE},
    {CONFIG_VALUE(BOOL, "activerehashing", store_settings.active_rehashing,
                  "yes")},
    {CONFIG_NUMBER(INTEGER, "active-expire-effort",
                   store_settings.expire_effort, "1", 1, 10)},
    {CONFIG_NUMBER(BYTES, "maxmemory", store_settings.maxmemory, "0", 0,
                   INT64_MAX)},
    {CONFIG_VALUE(CHOICE, "maxmemory-policy", store_settings.policy,
                  "noeviction"),
     .choices = policies},
    {CONFIG_NUMBER(INTEGER, "maxmemory-samples", store_settings.evict_samples,
                   "5", 1, INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "lfu-log-factor", store_settings.lfu.log_factor,
                   "10", 0, INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "lfu-decay-time", store_settings.lfu.decay_minutes,
                   "1", 0, INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "list-max-listpack-size",
                   store_settings.list_node_max, "-2", INT_MIN, INT_MAX),
     .alias = "list-max-ziplist-size"},
    {CONFIG_NUMBER(INTEGER, "hash-max-listpack-entries",
                   store_settings.hash_pack_entries, "512", 0, INT64_MAX),
     .alias = "hash-max-ziplist-entries"},
    {CONFIG_NUMBER(BYTES, "hash-max-listpack-value",
                   store_settings.hash_pack_value, "64", 0, INT64_MAX),
     .alias = "hash-max-ziplist-value"},
    {CONFIG_NUMBER(INTEGER, "set-max-intset-entries",
                   store_settings.intset_entries, "512", 0, INT64_MAX)},
    {CONFIG_NUMBER(INTEGER, "zset-max-listpack-entries",
                   store_settings.zset_pack_entries, "128", 0, INT64_MAX),
     .alias = "zset-max-ziplist-entries"},
    {CONFIG_NUMBER(BYTES, "zset-max-listpack-value",
                   store_settings.zset_pack_value, "64", 0, INT64_MAX),
     .alias = "zset-max-ziplist-value"},
    {CONFIG_NUMBER(BYTES, "stream-node-max-bytes",
                   store_settings.stream_node_bytes, "4096", 0, INT64_MAX)},
    {CONFIG_NUMBER(INTEGER, "stream-node-max-entries",
                   store_settings.stream_node_entries, "100", 0, INT64_MAX)},
    {.name = NULL},
};
