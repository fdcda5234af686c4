#include "store/evict.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "store/access.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"

enum {
    POOL_SIZE = 16,
    SAMPLES_MAX = 64,
    SAMPLE_ROUNDS = 8, /* until one with an expiry is in the sample */
    CHECK_EVERY = 16, /* evicted keys between two looks at the clock */
    WALK_STEPS = 256, /* of the cursor, between two looks at the clock */
    TENACITY_UNLIMITED = 100
};

struct evict_settings evict_settings;
int64_t evicted_keys;

static bool underway;

/* A key that would be good to evict; the higher the score the better. */
struct candidate {
    uint64_t score;
    char *key; /* NULL: an empty place */
    size_t key_len;
    int db;
};

/* In order of the score, the best last. */
static struct candidate pool[POOL_SIZE];
static int pool_count;

bool evict_counts_use(void)
{
    return evict_settings.policy & EVICT_LFU;
}

static bool may_leave(const struct entry *e)
{
    return evict_settings.policy & EVICT_ALL_KEYS ||
           entry_expiry(e) != NO_EXPIRY;
}

static uint64_t score_of(const struct entry *e)
{
    if (evict_settings.policy & EVICT_TTL)
        return UINT64_MAX - (uint64_t)entry_expiry(e);
    if (evict_settings.policy & EVICT_LFU)
        return UINT8_MAX - access_frequency(e);
    return (uint64_t)access_idle_s(e);
}

static void drop_candidate(int place)
{
    zfree(pool[place].key);
    pool_count--;
    memmove(&pool[place], &pool[place + 1],
            (size_t)(pool_count - place) * sizeof pool[0]);
}

static bool is_in_pool(const struct db *db, struct slice key)
{
    for (int i = 0; i < pool_count; i++) {
        struct slice other = {pool[i].key, pool[i].key_len};
        if (pool[i].db == db->id && slice_equal(other, key))
            return true;
    }
    return false;
}

/* Puts the entry in its place, if it is better than the worst of a full pool. */
static void offer(const struct db *db, const struct entry *e)
{
    uint64_t score = score_of(e);
    struct slice key = entry_key(e);
    if (is_in_pool(db, key))
        return;
    if (pool_count == POOL_SIZE) {
        if (score <= pool[0].score)
            return;
        drop_candidate(0);
    }
    int place = pool_count;
    for (; place > 0 && pool[place - 1].score > score; place--)
        pool[place] = pool[place - 1];
    pool[place] = (struct candidate){score, slice_dup(key), key.len, db->id};
    pool_count++;
}

/* Remembers the first entry of a step that has an expiry. */
static void keep_volatile(void *context, struct dict_node *node)
{
    struct entry **found = context;
    if (entry_expiry((struct entry *)node) != NO_EXPIRY)
        *found = (struct entry *)node;
}

/* When few keys have an expiry, samples do not find them; a cursor does, now or
 * when it is called again. */
static struct entry *walk_to_volatile(struct db *db)
{
    struct entry *found = NULL;
    for (int i = 0; i < WALK_STEPS && !found && db->volatile_count > 0; i++)
        db->evict_cursor =
            dict_scan(&db->keys, db->evict_cursor, keep_volatile, &found);
    return found;
}

/* Offers a sample of a database's keys that may leave. */
static void sample(struct db *db)
{
    struct dict_node *nodes[SAMPLES_MAX];
    size_t wanted = (size_t)evict_settings.samples;
    if (wanted > SAMPLES_MAX)
        wanted = SAMPLES_MAX;
    bool offered = false;
    for (int round = 0; round < SAMPLE_ROUNDS && !offered; round++) {
        size_t count = dict_sample(&db->keys, nodes, wanted);
        for (size_t i = 0; i < count; i++) {
            const struct entry *e = (struct entry *)nodes[i];
            if (!may_leave(e))
                continue;
            offer(db, e);
            offered = true;
        }
    }
    if (!offered) {
        struct entry *e = walk_to_volatile(db);
        if (e)
            offer(db, e);
    }
}

static bool has_candidates(const struct db *db)
{
    return evict_settings.policy & EVICT_ALL_KEYS ? db_size(db) > 0
                                                  : db->volatile_count > 0;
}

/* The best of the pool that is still there. */
static struct entry *choose_best(struct db **db)
{
    for (int i = 0; i < db_count(); i++) {
        if (has_candidates(db_at(i)))
            sample(db_at(i));
    }
    while (pool_count > 0) {
        const struct candidate *best = &pool[pool_count - 1];
        *db = db_at(best->db);
        struct slice key = {best->key, best->key_len};
        struct entry *e = (struct entry *)dict_find(&(*db)->keys, key);
        drop_candidate(pool_count - 1);
        if (e && may_leave(e))
            return e;
    }
    return NULL;
}

/* Any that may leave, each database in its turn. */
static struct entry *choose_random(struct db **db)
{
    static int turn;
    for (int i = 0; i < db_count(); i++) {
        turn = (turn + 1) % db_count();
        *db = db_at(turn);
        if (!has_candidates(*db))
            continue;
        for (int round = 0; round < SAMPLE_ROUNDS; round++) {
            struct entry *e = (struct entry *)dict_random(&(*db)->keys);
            if (may_leave(e))
                return e;
        }
        return walk_to_volatile(*db);
    }
    return NULL;
}

static bool is_over_limit(void)
{
    return evict_settings.maxmemory > 0 &&
           zmalloc_used_memory() > (size_t)evict_settings.maxmemory;
}

bool evict_has_room(size_t bytes)
{
    size_t limit = (size_t)evict_settings.maxmemory;
    return limit == 0 || bytes <= limit / 100 ||
           zmalloc_used_memory() + bytes <= limit;
}

/* Lets one key go. False when none was found that may. */
static bool evict_one(void)
{
    struct db *db;
    struct entry *e = NULL;
    if (!(evict_settings.policy & EVICT_NOTHING))
        e = evict_settings.policy & EVICT_RANDOM ? choose_random(&db)
                                                 : choose_best(&db);
    if (!e)
        return false;
    e = db_take(db, entry_key(e));
    evicted_keys++;
    key_changed(db, entry_key(e), "evicted");
    if (evict_settings.lazily)
        lazyfree_entry(e);
    else
        entry_free(e);
    return true;
}

/* Whether there is a key that may go, found or not. */
static bool has_more(void)
{
    if (evict_settings.policy & EVICT_NOTHING)
        return false;
    for (int i = 0; i < db_count(); i++) {
        if (has_candidates(db_at(i)))
            return true;
    }
    return false;
}

/* How long commands may be kept waiting for it (evictionTimeLimitUs). */
static int64_t time_limit_us(void)
{
    int64_t tenacity = evict_settings.tenacity;
    if (tenacity >= TENACITY_UNLIMITED)
        return INT64_MAX / 2;
    if (tenacity <= 10)
        return 50 * tenacity;
    return (int64_t)(500 * pow(1.15, (double)tenacity - 10));
}

enum evict_status evict_to_fit(void)
{
    underway = false;
    if (!is_over_limit())
        return EVICT_FITS;
    int64_t end_us = monotonic_us() + time_limit_us();
    for (int turn = 1; is_over_limit(); turn++) {
        /* what was deleted already goes before what somebody may want */
        bool pending = lazyfree_pending() > 0;
        if (pending)
            lazyfree_step();
        bool freed = pending || evict_one();
        if (!freed && !has_more())
            return is_over_limit() ? EVICT_STUCK : EVICT_FITS;
        if ((!freed || turn % CHECK_EVERY == 0) && monotonic_us() > end_us) {
            underway = true;
            return EVICT_UNDERWAY;
        }
    }
    return EVICT_FITS;
}

bool evict_is_underway(void)
{
    return underway;
}

static bool apply_maxmemory(const char **error)
{
    (void)error;
    if (is_over_limit())
        log_write(LOG_WARNING,
                  "The new maxmemory value (%lld) is smaller than the memory "
                  "in use (%zu): keys will be evicted, or writes refused, "
                  "depending on maxmemory-policy.",
                  (long long)evict_settings.maxmemory, zmalloc_used_memory());
    underway = true;
    return true;
}

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

const struct config_row evict_config[] = {
    {.name = "maxmemory",
     .type = CONFIG_BYTES,
     .value = &evict_settings.maxmemory,
     .fallback = "0",
     .max = INT64_MAX,
     .apply = apply_maxmemory},
    {.name = "maxmemory-policy",
     .type = CONFIG_CHOICE,
     .value = &evict_settings.policy,
     .fallback = "noeviction",
     .choices = policies},
    {.name = "maxmemory-samples",
     .type = CONFIG_INTEGER,
     .value = &evict_settings.samples,
     .fallback = "5",
     .min = 1,
     .max = INT_MAX},
    {.name = "maxmemory-eviction-tenacity",
     .type = CONFIG_INTEGER,
     .value = &evict_settings.tenacity,
     .fallback = "10",
     .max = 100},
    {.name = "lfu-log-factor",
     .type = CONFIG_INTEGER,
     .value = &evict_settings.lfu_log_factor,
     .fallback = "10",
     .max = INT_MAX},
    {.name = "lfu-decay-time",
     .type = CONFIG_INTEGER,
     .value = &evict_settings.lfu_decay_time,
     .fallback = "1",
     .max = INT_MAX},
    {.name = "lazyfree-lazy-eviction",
     .type = CONFIG_BOOL,
     .value = &evict_settings.lazily,
     .fallback = "no"},
    {.name = NULL},
};
