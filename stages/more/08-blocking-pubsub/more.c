/* more_blocking_pubsub: registers the other commands that wait, sharded
 * channels, PUBSUB, and what reports tell of clients that wait or are
 * subscribed. */
#include "more/more.h"

#include <string.h>

#include "command/pubsub.h"
#include "command/waiting.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/pause.h"
#include "more/01-event-loop/command/reply_mode.h"
#include "more/02-keyspace/command/stats.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "more/08-blocking-pubsub/command/report.h"

/* Whether CLIENT PAUSE WRITE holds back the client's command: a message may have
 * to reach others by replication, so it counts as a write. */
static bool may_replicate(const struct client *c)
{
    return c->command->flags & CMD_WRITE ||
           strcmp(c->command->name, "publish") == 0 ||
           strcmp(c->command->name, "spublish") == 0;
}

void more_blocking_pubsub(void)
{
    commands_add(more_blocking_commands);
    commands_add(more_pubsub_commands);
    commands_add(more_unblock_commands);
    docs_add(more_blocking_docs);
    docs_add(more_pubsub_docs);
    pubsub_type_add(&shards);
    reset_observe(pubsub_forget);
    waiting_report_open();
    pause_set_writes(may_replicate);
    reply_mode_waits_for(CLIENT_BLOCKED);
    stats_expect_late(CLIENT_BLOCKED);
    waiting_on_end(reply_mode_ended);
}
