/* loadaof: adds DEBUG LOADAOF. */
#include <stdlib.h>

#include "command/call.h"
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

/* While nothing is logged. */
static struct {
    int fd; /* of the log; -1: there is none */
    const struct client
        *client; /* whose command it is; NULL: the log goes on */
} paused;

void (*loadaof_pauses)(bool begins);

/* Loads the log in place of what there is. Nothing of that is logged. What it
 * has propagated leaves when the command is over, so the log begins again only
 * then. */
static bool load_again(void)
{
    int64_t base_bytes, bytes;
    if (aof.state == AOF_ON)
        aof_log_flush(true);
    for (int i = 0; i < db_count(); i++)
        db_clear(db_at(i));
    paused.fd = aof_log.fd;
    aof_log.fd = -1;
    bool done =
        aof.manifest.count > 0 && aof_load(&aof.manifest, &base_bytes, &bytes);
    for (int i = 0; i < db_count(); i++)
        key_changed(db_at(i), (struct slice){NULL, 0}, NULL);
    return done;
}

/* DEBUG LOADAOF: a server without a log, or with one that is damaged, ends. In
 * a transaction the other commands have to be logged. */
static void debug_loadaof(struct client *c)
{
    if (c->flags & CLIENT_DENY_BLOCKING) {
        reply_error(c, "ERR DEBUG LOADAOF isn't allowed in a transaction");
        return;
    }
    paused.client = c;
    if (loadaof_pauses)
        loadaof_pauses(true);
    if (!load_again())
        exit(1);
    snapshot.saved_changes = keyspace_changes();
    log_write(LOG_WARNING, "Append Only File loaded by DEBUG LOADAOF");
    reply_ok(c);
}

/* After each command, also those of a transaction in the log. */
static void note_call(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    if (c != paused.client)
        return;
    aof_log.fd = paused.fd;
    paused.client = NULL;
    if (loadaof_pauses)
        loadaof_pauses(false);
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
    call_observe(note_call);
}
