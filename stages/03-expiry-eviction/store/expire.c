#include "store/expire.h"

#include "common/clock.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"
#include "store/settings.h"

enum {
    SLICE_US = 1000, /* of work, at most: then clients are served again */
    BUSY_MS = 3, /* between slices while much is found */
    CALM_MS = 100, /* and while little is */
    ENOUGH_SEEN = 20, /* keys with an expiry, before the share is judged */
    STEPS = 16, /* of the walk between two looks at the clock */
    STALE_PERCENT = 10, /* more expired keys than that are too many */
    BATCH_MAX = 64, /* expired keys taken from one step of the walk */
    AVERAGE_WEIGHT = 50
};

struct expire_stats expire_stats;

static bool active = true;
static int current_db;

/* The keys with an expiry that the walk came by since it judged last: it may
 * take several slices to see enough of them. */
static int64_t seen;
static int64_t expired;
static bool many_are_expired; /* the last judgement */

/* What one step of the walk has found. */
struct batch {
    struct entry *expired[BATCH_MAX];
    int expired_count;
    int64_t seen; /* keys with an expiry */
    double ttl_sum_ms; /* several times may be more than an integer holds */
};

bool entry_is_expired(const struct entry *e)
{
    return e->has_expiry && entry_expiry(e) != NO_EXPIRY &&
           entry_expiry(e) < clock_ticked_ms();
}

struct entry *db_set_expiry(struct db *db, struct entry *e, int64_t when_ms)
{
    bool had = entry_expiry(e) != NO_EXPIRY;
    struct entry *set = entry_set_expiry(e, when_ms);
    db->volatile_count += (when_ms != NO_EXPIRY) - had;
    if (set != e)
        dict_moved(&db->keys, &e->node, &set->node);
    return set;
}

void db_expire(struct db *db, struct entry *e)
{
    struct entry *taken = db_take(db, entry_key(e));
    expire_stats.expired_keys++;
    key_changed(db, entry_key(taken), "expired");
    if (store_settings.lazy_expire)
        lazyfree_entry(taken);
    else
        entry_free(taken);
}

int64_t db_volatile_count(const struct db *db)
{
    return db->volatile_count;
}

int64_t db_average_ttl(const struct db *db)
{
    return db->volatile_count ? db->average_ttl_ms : 0;
}

static void look_at(void *context, struct dict_node *node)
{
    struct batch *batch = context;
    struct entry *e = (struct entry *)node;
    if (entry_expiry(e) == NO_EXPIRY)
        return;
    batch->seen++;
    if (!entry_is_expired(e))
        batch->ttl_sum_ms += (double)(entry_expiry(e) - clock_ticked_ms());
    else if (batch->expired_count < BATCH_MAX)
        batch->expired[batch->expired_count++] = e;
}

static void note_ttl(struct db *db, const struct batch *batch)
{
    int64_t alive = batch->seen - batch->expired_count;
    if (alive <= 0)
        return;
    int64_t average = (int64_t)(batch->ttl_sum_ms / (double)alive);
    if (db->average_ttl_ms == 0)
        db->average_ttl_ms = average;
    db->average_ttl_ms +=
        average / AVERAGE_WEIGHT - db->average_ttl_ms / AVERAGE_WEIGHT;
}

/* Looks at the next bucket and removes what is due there. Returns whether
 * anything was. */
static bool walk_on(struct db *db)
{
    struct batch batch;
    batch.expired_count = 0;
    batch.seen = 0;
    batch.ttl_sum_ms = 0;
    db->expire_cursor =
        dict_scan(&db->keys, db->expire_cursor, look_at, &batch);
    for (int i = 0; i < batch.expired_count; i++)
        db_expire(db, batch.expired[i]);
    note_ttl(db, &batch);
    seen += batch.seen;
    expired += batch.expired_count;
    return batch.expired_count > 0;
}

/* Whether enough keys were seen to say that few of them are expired. */
static bool few_are_expired(void)
{
    if (seen < ENOUGH_SEEN * store_settings.expire_effort)
        return false;
    expire_stats.stale_percent =
        expire_stats.stale_percent * 0.95 + (double)expired * 5 / (double)seen;
    many_are_expired = expired * 100 > seen * STALE_PERCENT;
    seen = 0;
    expired = 0;
    return !many_are_expired;
}

/* Walks through one database until few of the keys it sees are expired, or it
 * has been around once. False when the time was over before that. */
static bool sweep(struct db *db, int64_t end_us)
{
    int steps = 0;
    do {
        bool removed = walk_on(db);
        if ((removed || ++steps % STEPS == 0) && monotonic_us() >= end_us)
            return false;
        if (few_are_expired())
            return true;
    } while (db->expire_cursor != 0 && db->volatile_count > 0);
    /* It came by all keys, so what it judged was removed meanwhile. */
    many_are_expired = false;
    seen = 0;
    expired = 0;
    return true;
}

/* When the time is over in one database, the next time begins with another. To
 * come back soon is worth it only where many are expired, not where the few that
 * have an expiry are hard to find. */
int64_t expire_cycle(void)
{
    int64_t end_us = monotonic_us() + SLICE_US;
    if (!active)
        return CALM_MS;
    for (int i = 0; i < db_count(); i++) {
        struct db *db = db_at(current_db);
        current_db = (current_db + 1) % db_count();
        if (db->volatile_count > 0 && !sweep(db, end_us)) {
            expire_stats.time_cap_reached++;
            return many_are_expired ? BUSY_MS : CALM_MS;
        }
    }
    return CALM_MS;
}

void expire_set_active(bool on)
{
    active = on;
}
