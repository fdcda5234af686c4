/* loadaof: adds DEBUG LOADAOF. */
#include <stdlib.h>

#include "common/log.h"
#include "more/02-keyspace/command/debug.h"
#include "more/11-aof/persist/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "persist/aof.h"
#include "persist/aof_load.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"
#include "store/keyspace.h"

/* Loads the log in place of what there is. Nothing of that is logged. */
static bool load_again(void)
{
    int64_t base_bytes, bytes;
    int fd = aof_log.fd;
    if (aof.state == AOF_ON)
        aof_log_flush(true);
    for (int i = 0; i < db_count(); i++)
        db_clear(db_at(i));
    aof_log.fd = -1;
    bool done = aof.manifest.count > 0 &&
                aof_load(&aof.manifest, &base_bytes, &bytes);
    aof_log.fd = fd;
    for (int i = 0; i < db_count(); i++)
        key_changed(db_at(i), (struct slice){NULL, 0}, NULL);
    return done;
}

/* DEBUG LOADAOF: a server without a log, or with one that is damaged, ends. */
static void debug_loadaof(struct client *c)
{
    if (!load_again())
        exit(1);
    snapshot.saved_changes = keyspace_changes();
    log_write(LOG_WARNING, "Append Only File loaded by DEBUG LOADAOF");
    reply_ok(c);
}

static const struct debug_row loadaof_rows[] = {
    {{.name = "debug|loadaof", .arity = -2, .handler = debug_loadaof},
     "",
     "Executes the log in place of all data."},
    {{.name = NULL}, NULL, NULL},
};

void loadaof_open(void)
{
    debug_add(loadaof_rows);
}
