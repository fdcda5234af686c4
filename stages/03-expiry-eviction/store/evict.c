#include "store/evict.h"

#include <string.h>

#include "common/clock.h"
#include "common/random.h"
#include "common/zmalloc.h"
#include "store/access.h"
#include "store/keyspace.h"
#include "store/memory.h"
#include "store/settings.h"

enum {
    POOL_SIZE = 16,
    SAMPLES_MAX = 64,
    SAMPLE_ROUNDS = 8, /* until one with an expiry is in the sample */
    CHECK_EVERY = 16, /* evicted keys between two looks at the clock */
    SCAN_STEPS = 256 /* of the cursor, between two looks at the clock */
};

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

static bool may_leave(const struct entry *e)
{
    return store_settings.policy & EVICT_ALL_KEYS ||
           entry_expiry(e) != NO_EXPIRY;
}

static uint64_t score_of(const struct entry *e)
{
    if (store_settings.policy & EVICT_TTL)
        return UINT64_MAX - (uint64_t)entry_expiry(e);
    if (store_settings.policy & EVICT_LFU)
        return UINT8_MAX - access_frequency(e->access);
    return (uint64_t)access_idle_s(e->access);
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
static struct entry *find_volatile(struct db *db)
{
    struct entry *found = NULL;
    for (int i = 0; i < SCAN_STEPS && !found && db->volatile_count > 0; i++)
        db->evict_cursor =
            dict_scan(&db->keys, db->evict_cursor, keep_volatile, &found);
    return found;
}

/* Offers a sample of a database's keys that may leave. */
static void sample(struct db *db)
{
    struct dict_node *nodes[SAMPLES_MAX];
    size_t wanted = (size_t)store_settings.evict_samples;
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
        struct entry *e = find_volatile(db);
        if (e)
            offer(db, e);
    }
}

static bool has_candidates(const struct db *db)
{
    return store_settings.policy & EVICT_ALL_KEYS ? db_size(db) > 0
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

/* A random one that may leave; each database in its turn. */
static struct entry *choose_random(struct db **db)
{
    static int turn;
    struct dict_node *nodes[SAMPLES_MAX];
    for (int i = 0; i < db_count(); i++) {
        turn = (turn + 1) % db_count();
        *db = db_at(turn);
        if (!has_candidates(*db))
            continue;
        size_t count = dict_sample(&(*db)->keys, nodes, SAMPLES_MAX);
        size_t first = count > 0 ? (size_t)random_below(count) : 0;
        for (size_t n = 0; n < count; n++) {
            struct entry *e = (struct entry *)nodes[(first + n) % count];
            if (may_leave(e))
                return e;
        }
        return find_volatile(*db);
    }
    return NULL;
}

/* Evicts one key. Returns false when none was found that may leave. */
static bool evict_one(void)
{
    struct db *db;
    struct entry *e = NULL;
    if (!(store_settings.policy & EVICT_NOTHING))
        e = store_settings.policy & EVICT_RANDOM ? choose_random(&db)
                                                 : choose_best(&db);
    if (e)
        db_remove(db, e, REMOVAL_BY_EVICTION);
    return e;
}

/* Whether there is a key that may go, found or not. */
static bool has_more(void)
{
    if (store_settings.policy & EVICT_NOTHING)
        return false;
    for (int i = 0; i < db_count(); i++) {
        if (has_candidates(db_at(i)))
            return true;
    }
    return false;
}

enum evict_status evict_to_fit(void)
{
    underway = false;
    if (!memory_is_over_limit() || !removal_is_allowed(REMOVAL_BY_EVICTION))
        return EVICT_FITS;
    int64_t end_us = monotonic_us() + store_settings.evict_limit_us;
    for (int turn = 1; memory_is_over_limit(); turn++) {
        bool evicted = evict_one();
        if (!evicted && !has_more())
            return EVICT_STUCK;
        if ((!evicted || turn % CHECK_EVERY == 0) && monotonic_us() > end_us) {
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
