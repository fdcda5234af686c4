/* evict, inside: the pool keeps the best candidates of all samples so far.
 *
 *   pool[0]   score  3        the worst: the first to make space for a better
 *   pool[1]   score 17
 *   ...
 *   pool[n]   score 90        the best: evicted next
 *
 * A candidate is a copy of the key, not an entry: it may wait for a long time,
 * and meanwhile the key may be deleted, or lose its expiration time. So it is
 * looked up again before it is evicted. Scores are compared with those of older
 * samples, though the keys may have been used since: that is part of the
 * approximation. */
#include "store/evict.h"

#include <string.h>

#include "common/clock.h"
#include "common/random.h"
#include "common/zmalloc.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"
#include "store/memory.h"
#include "store/settings.h"

enum {
    POOL_SIZE = 16, /* candidates */
    SAMPLES_MAX = 64, /* nodes of one sample */
    SAMPLE_ROUNDS = 8, /* samples, until one has a key that may be evicted */
    CHECK_EVERY = 16, /* evicted keys between two looks at the clock */
    SCAN_STEPS = 256 /* of the cursor, between two looks at the clock */
};

static bool underway; /* the last call of evict_to_fit ran out of time */

/* A key that may be evicted. */
struct candidate {
    uint64_t score; /* the higher, the better it is to evict */
    char *key; /* allocated; the pool owns it */
    size_t key_len;
    int db;
};

static struct candidate pool[POOL_SIZE]; /* sorted by score, the best last */
static int pool_count;

/* Returns whether the policy lets this key be evicted. */
static bool may_evict(const struct entry *e)
{
    return store_settings.policy & EVICT_ALL_KEYS || entry_is_volatile(e);
}

/* Returns how good it is to evict the key: its idle time, how rarely it is
 * used, or how soon it expires. */
static uint64_t score_of(const struct entry *e)
{
    if (store_settings.policy & EVICT_TTL)
        return UINT64_MAX - (uint64_t)entry_expiry(e);
    if (store_settings.policy & EVICT_LFU)
        return UINT8_MAX - entry_frequency(e);
    return (uint64_t)entry_idle_s(e);
}

/* Removes one candidate from the pool. */
static void drop_candidate(int place)
{
    zfree(pool[place].key);
    pool_count--;
    memmove(&pool[place], &pool[place + 1],
            (size_t)(pool_count - place) * sizeof pool[0]);
}

/* Adds the key to the pool, in the order of the scores, unless it is there or
 * the pool is full of better ones. */
static void add_candidate(const struct db *db, const struct entry *e)
{
    uint64_t score = score_of(e);
    struct slice key = entry_key(e);
    for (int i = 0; i < pool_count; i++) {
        struct slice other = {pool[i].key, pool[i].key_len};
        if (pool[i].db == db->id && slice_equal(other, key))
            return;
    }
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

/* Remembers an entry that has an expiration time. */
static void keep_volatile(void *context, struct dict_node *node)
{
    struct entry **found = context;
    if (entry_is_volatile((struct entry *)node))
        *found = (struct entry *)node;
}

/* Searches for a key with an expiration time. Where they are few, samples do
 * not find them, but a cursor that goes through all keys does. Returns NULL if
 * it has not found one yet: the next call goes on from there. */
static struct entry *find_volatile(struct db *db)
{
    struct entry *found = NULL;
    for (int i = 0; i < SCAN_STEPS && !found && db->volatile_count > 0; i++)
        db->evict_cursor =
            dict_scan(&db->keys, db->evict_cursor, keep_volatile, &found);
    return found;
}

/* Adds those keys of a sample of the database to the pool that may be
 * evicted. */
static void sample(struct db *db)
{
    struct dict_node *nodes[SAMPLES_MAX];
    size_t wanted = (size_t)store_settings.evict_samples;
    if (wanted > SAMPLES_MAX)
        wanted = SAMPLES_MAX;
    bool found = false;
    for (int round = 0; round < SAMPLE_ROUNDS && !found; round++) {
        size_t count = dict_sample(&db->keys, nodes, wanted);
        for (size_t i = 0; i < count; i++) {
            const struct entry *e = (struct entry *)nodes[i];
            if (!may_evict(e))
                continue;
            add_candidate(db, e);
            found = true;
        }
    }
    if (!found) {
        struct entry *e = find_volatile(db);
        if (e)
            add_candidate(db, e);
    }
}

/* Returns whether the database has a key that may be evicted. */
static bool has_candidates(const struct db *db)
{
    if (store_settings.policy & EVICT_NOTHING)
        return false;
    return store_settings.policy & EVICT_ALL_KEYS ? db_size(db) > 0
                                                  : db->volatile_count > 0;
}

/* Chooses the best key of the pool that still may be evicted, after a sample of
 * each database. Returns NULL if there is none. */
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
        if (e && may_evict(e))
            return e;
    }
    return NULL;
}

/* Chooses a random key that may be evicted, from each database in turn. Returns
 * NULL if there is none, or none was found yet. */
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
            if (may_evict(e))
                return e;
        }
        return find_volatile(*db);
    }
    return NULL;
}

/* Returns whether any database has a key that may be evicted, found or not. */
static bool any_has_candidates(void)
{
    bool any = false;
    for (int i = 0; i < db_count() && !any; i++)
        any = has_candidates(db_at(i));
    return any;
}

/* What waits to be freed goes first: no key is evicted for memory that is as
 * good as free.
 *
 * A key that was not found yet is no reason to give up while there are keys
 * that may be evicted; but then the clock is looked at each time, because a
 * search takes longer than an eviction. */
enum evict_status evict_to_fit(void)
{
    underway = false;
    if (!memory_is_over_limit() || !removal_is_allowed(REMOVAL_BY_EVICTION))
        return EVICT_FITS;
    int64_t end_us = monotonic_us() + store_settings.evict_limit_us;
    for (int turn = 1; memory_is_over_limit(); turn++) {
        struct db *db;
        struct entry *e = NULL;
        bool has_freed = lazyfree_step();
        if (!has_freed && !any_has_candidates())
            return EVICT_STUCK;
        if (!has_freed)
            e = store_settings.policy & EVICT_RANDOM ? choose_random(&db)
                                                     : choose_best(&db);
        if (e)
            db_remove(db, e, REMOVAL_BY_EVICTION);
        if ((!e || turn % CHECK_EVERY == 0) && monotonic_us() > end_us) {
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
