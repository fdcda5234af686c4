/* expire, inside: one cursor for each database goes round and round.
 *
 *   keys:   . . e . . . x . e . . x . . .      e has an expiration time,
 *                 ^ expire_cursor              x has expired, too
 *
 * The estimate decides when to stop: after some twenty keys with an expiration
 * time, the share of expired ones among them stands for the rest of the
 * database. If it is small, the memory that is held in vain is small as well,
 * and the next database gets its turn. If it is large, the cycle goes on until
 * its slice of time is over, and is called again after 3 ms instead of 100.
 *
 * Where few keys of many have an expiration time, it may take many slices to
 * see enough of them. The estimate goes on from slice to slice until then. */
#include "store/expire.h"

#include "common/clock.h"
#include "common/hooks.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum {
    SLICE_US = 1000, /* of work, at most: then clients are served again */
    BUSY_MS = 3, /* between slices while many keys are expired */
    CALM_MS = 100, /* and while few are */
    ENOUGH_SEEN = 20, /* keys, for an estimate; times active-expire-effort */
    STEPS = 16, /* of the scan between two looks at the clock */
    STALE_PERCENT = 10, /* more expired keys than that are many */
    BATCH_MAX = 64 /* expired keys removed after one step of the scan */
};

static struct hooks reports; /* of expire_report_fn */

/* The keys with an expiration time that the scan has seen since the last
 * estimate: it may take several slices to see enough of them. */
struct estimate {
    int64_t seen;
    int64_t expired; /* of them; they are removed */
    bool many_are_expired; /* the result of the last one */
};

/* What one step of the scan has found. */
struct batch {
    struct entry *expired[BATCH_MAX];
    int expired_count;
    int64_t seen; /* keys with an expiration time */
};

void expire_on_report(expire_report_fn *fn)
{
    hooks_add(&reports, (hook_fn *)fn);
}

/* Counts a key that has an expiration time, and keeps it if that is over. More
 * than fit are left for the next round. */
static void collect(void *context, struct dict_node *node)
{
    struct batch *batch = context;
    struct entry *e = (struct entry *)node;
    if (!entry_is_volatile(e))
        return;
    batch->seen++;
    if (entry_is_expired(e) && batch->expired_count < BATCH_MAX)
        batch->expired[batch->expired_count++] = e;
}

/* Ends an estimate when enough keys were seen: reports it and begins the next.
 * Returns whether it says that few keys are expired. */
static bool few_are_expired(struct estimate *estimate)
{
    if (estimate->seen < ENOUGH_SEEN * store_settings.expire_effort)
        return false;
    struct expire_report report = {estimate->seen, estimate->expired, false};
    hooks_call(&reports, expire_report_fn, &report);
    bool many = estimate->expired * 100 > estimate->seen * STALE_PERCENT;
    *estimate = (struct estimate){.many_are_expired = many};
    return !many;
}

/* Scans one database until few of the keys that it sees are expired, or it has
 * seen all. Returns false if the time was over before that. Keys are removed
 * after the step that found them, because a scan must not change the dict. */
static bool sweep(struct db *db, int64_t end_us, struct estimate *estimate)
{
    int steps = 0;
    do {
        struct batch batch;
        batch.expired_count = 0;
        batch.seen = 0;
        db->expire_cursor =
            dict_scan(&db->keys, db->expire_cursor, collect, &batch);
        for (int i = 0; i < batch.expired_count; i++)
            db_remove(db, batch.expired[i], REMOVAL_BY_CYCLE);
        estimate->seen += batch.seen;
        estimate->expired += batch.expired_count;
        /* A removal can free much memory, so each is followed by a look. */
        bool looks = batch.expired_count > 0 || ++steps % STEPS == 0;
        if (looks && monotonic_us() >= end_us)
            return false;
        if (few_are_expired(estimate))
            return true;
    } while (db->expire_cursor != 0 && db->volatile_count > 0);
    /* A full pass is over: start a new estimate. */
    *estimate = (struct estimate){0};
    return true;
}

/* If the time is over in one database, the next call begins with another. It
 * pays to come back soon only if many keys are expired, not if the few that
 * have an expiration time are hard to find. */
int64_t expire_cycle(void)
{
    static struct estimate estimate;
    static int next_db;
    int64_t end_us = monotonic_us() + SLICE_US;
    if (!removal_is_allowed(REMOVAL_BY_CYCLE))
        return CALM_MS;
    for (int i = 0; i < db_count(); i++) {
        struct db *db = db_at(next_db);
        next_db = (next_db + 1) % db_count();
        if (db->volatile_count > 0 && !sweep(db, end_us, &estimate)) {
            struct expire_report report = {estimate.seen, estimate.expired,
                                           true};
            hooks_call(&reports, expire_report_fn, &report);
            return estimate.many_are_expired ? BUSY_MS : CALM_MS;
        }
    }
    return CALM_MS;
}
