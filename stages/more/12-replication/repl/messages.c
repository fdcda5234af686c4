/* messages: sends what is published to replicas, whose clients may have
 * subscribed. A message changes nothing, so the log does not get it. */
#include "command/call.h"
#include "command/command.h"
#include "more/08-blocking-pubsub/command/replicated.h"
#include "more/12-replication/repl/families.h"
#include "net/client.h"
#include "repl/primary.h"
#include "store/entry.h"
#include "store/keyspace.h"

/* Called after each command. */
static void note_call(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    if (backlog.first && !(c->command->flags & CMD_WRITE) &&
        command_is_replicated(c->command))
        primary_append_effect(c->db->id, c->argc, c->argv);
}

void messages_open(void)
{
    call_observe(note_call);
}
