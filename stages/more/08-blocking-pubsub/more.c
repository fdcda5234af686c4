/* more_blocking_pubsub: registers the other commands that wait, sharded
 * channels, PUBSUB, and what reports tell of clients that wait or are
 * subscribed. */
#include "more/more.h"

#include "command/pubsub.h"
#include "command/waiting.h"
#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/pause.h"
#include "more/01-event-loop/command/reply_mode.h"
#include "more/02-keyspace/command/stats.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "more/08-blocking-pubsub/command/replicated.h"
#include "more/08-blocking-pubsub/command/report.h"

void more_blocking_pubsub(void)
{
    commands_add(more_blocking_commands);
    commands_add(more_pubsub_commands);
    commands_add(more_unblock_commands);
    docs_add(more_blocking_docs);
    docs_add(more_pubsub_docs);
    pubsub_type_add(&shards);
    reset_observe(pubsub_forget);
    pause_set_writes(is_replicated);
    waiting_report_open();
    reply_mode_waits_for(CLIENT_BLOCKED);
    stats_expect_late(CLIENT_BLOCKED);
    waiting_on_end(reply_mode_ended);
}
