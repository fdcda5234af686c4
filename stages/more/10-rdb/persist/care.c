/* care: what a server does besides, so that it loses no data and brings none
 * back that was deleted. */
#include <string.h>

#include "command/dispatch.h"
#include "command/transaction.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/persist/loading.h"
#include "net/client.h"
#include "net/reply.h"
#include "persist/snapshot.h"
#include "store/keyspace.h"

static bool stops_writes; /* when the last save in the background failed */

static const struct config_row care_config[] = {
    {CONFIG_VALUE(BOOL, "stop-writes-on-bgsave-error", stops_writes, "yes")},
    {.name = NULL},
};

/* A server that should save and cannot must not take on changes that it may
 * lose. PING tells a program that watches it. One that loads has not all data
 * yet. */
static bool check_persistent(struct client *c)
{
    if (!check_not_loading(c))
        return false;
    if (!stops_writes || !snapshot.has_failed || !snapshot_has_points() ||
        !(transaction_flags(c) & CMD_WRITE || slice_is(c->argv[0], "ping")))
        return true;
    reply_error(c, "MISCONF Redis is configured to save RDB snapshots, but "
                   "it's currently unable to persist to disk. Commands that "
                   "may modify the data set are disabled, because this "
                   "instance is configured to report errors during writes if "
                   "RDB snapshotting fails (stop-writes-on-bgsave-error "
                   "option). Please check the Redis logs for details about "
                   "the RDB error.");
    return false;
}

/* A child that still saves what FLUSHALL has deleted works in vain, and the
 * file must not bring it back. The last database is the last to be cleared. */
static void save_nothing(struct db *db, struct slice key, const char *event)
{
    if (key.ptr || db->id != db_count() - 1 || !event ||
        strcmp(event, "flushall") != 0)
        return;
    snapshot_abort();
    if (snapshot_has_points())
        snapshot_save();
}

void care_open(void)
{
    config_add(care_config);
    dispatch_check(CHECK_PERSISTENT, check_persistent);
    keyspace_observe(save_nothing);
}
