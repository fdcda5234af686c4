#include "store/expire.h"

#include "common/clock.h"
#include "common/hooks.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum {
    SLICE_US = 1000, /* of work, at most: then clients are served again */
    BUSY_MS = 3, /* between slices while much is found */
    CALM_MS = 100, /* and while little is */
    ENOUGH_SEEN = 20, /* keys with an expiry, before the share is judged */
    STEPS = 16, /* of the scan between two looks at the clock */
    STALE_PERCENT = 10, /* more expired keys than that are too many */
    BATCH_MAX = 64 /* expired keys taken from one step of the scan */
};

static struct hooks reports;
static int current_db;

/* The keys with an expiry that the scan came by since it judged last: it may
 * take several slices to see enough of them. */
static int64_t seen;
static int64_t expired;
static bool many_are_expired; /* the last judgement */

/* What one step of the scan has found. */
struct batch {
    struct entry *expired[BATCH_MAX];
    int expired_count;
    int64_t seen; /* keys with an expiry */
};

void expire_on_report(expire_report_fn *fn)
{
    hooks_add(&reports, (hook_fn *)fn);
}

static void collect(void *context, struct dict_node *node)
{
    struct batch *batch = context;
    struct entry *e = (struct entry *)node;
    if (entry_expiry(e) == NO_EXPIRY)
        return;
    batch->seen++;
    if (entry_is_expired(e) && batch->expired_count < BATCH_MAX)
        batch->expired[batch->expired_count++] = e;
}

/* Looks at the next bucket and removes what is due there. Returns whether
 * anything was. */
static bool scan_step(struct db *db)
{
    struct batch batch;
    batch.expired_count = 0;
    batch.seen = 0;
    db->expire_cursor =
        dict_scan(&db->keys, db->expire_cursor, collect, &batch);
    for (int i = 0; i < batch.expired_count; i++)
        db_remove(db, batch.expired[i], REMOVAL_BY_CYCLE);
    seen += batch.seen;
    expired += batch.expired_count;
    return batch.expired_count > 0;
}

static void report(bool out_of_time)
{
    struct expire_report r = {seen, expired, out_of_time};
    hooks_call(&reports, expire_report_fn, &r);
}

/* Whether enough keys were seen to say that few of them are expired. */
static bool few_are_expired(void)
{
    if (seen < ENOUGH_SEEN * store_settings.expire_effort)
        return false;
    report(false);
    many_are_expired = expired * 100 > seen * STALE_PERCENT;
    seen = 0;
    expired = 0;
    return !many_are_expired;
}

/* Scans one database until few of the keys that it sees are expired, or it has
 * seen all. Returns false when the time was over before that. */
static bool sweep(struct db *db, int64_t end_us)
{
    int steps = 0;
    do {
        bool removed = scan_step(db);
        if ((removed || ++steps % STEPS == 0) && monotonic_us() >= end_us)
            return false;
        if (few_are_expired())
            return true;
    } while (db->expire_cursor != 0 && db->volatile_count > 0);
    /* A full pass is over: start a new estimate. */
    many_are_expired = false;
    seen = 0;
    expired = 0;
    return true;
}

/* When the time is over in one database, the next time begins with another. It
 * pays to come back soon only where many are expired, not where the few that
 * have an expiry are hard to find. */
int64_t expire_cycle(void)
{
    int64_t end_us = monotonic_us() + SLICE_US;
    if (!removal_is_allowed(REMOVAL_BY_CYCLE))
        return CALM_MS;
    for (int i = 0; i < db_count(); i++) {
        struct db *db = db_at(current_db);
        current_db = (current_db + 1) % db_count();
        if (db->volatile_count > 0 && !sweep(db, end_us)) {
            report(true);
            return many_are_expired ? BUSY_MS : CALM_MS;
        }
    }
    return CALM_MS;
}
