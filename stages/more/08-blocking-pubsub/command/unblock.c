/* unblock: adds CLIENT UNBLOCK. */
#include "command/args.h"
#include "command/waiting.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/02-keyspace/command/stats.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "net/client.h"
#include "net/reply.h"

/* CLIENT UNBLOCK id [TIMEOUT | ERROR]: ends the wait of a client as if its time
 * were over, or with an error. */
static void client_unblock_command(struct client *c)
{
    enum { TIMEOUT, ERROR };
    static const struct choice ways[] = {
        {"timeout", TIMEOUT}, {"error", ERROR}, {NULL, 0}};
    int64_t id;
    int way = TIMEOUT;
    if (c->argc > 4) {
        reply_wrong_subcommand(c);
        return;
    }
    if (c->argc == 4 &&
        !choice_or_reply(c, c->argv[3], ways, &way,
                         "ERR CLIENT UNBLOCK reason should be TIMEOUT or "
                         "ERROR"))
        return;
    if (!integer_or_reply(c, c->argv[2], &id))
        return;
    struct client *x = client_first();
    while (x && x->id != (uint64_t)id)
        x = x->next;
    if (!x || !(x->flags & CLIENT_BLOCKED)) {
        reply_integer(c, 0);
        return;
    }
    if (way == ERROR) {
        reply_error(x, "UNBLOCKED client unblocked via CLIENT UNBLOCK");
    } else {
        reply_null_array(x);
        stats_count_failed(x); /* in Redis it counts as such, too */
    }
    wait_end(x);
    reply_integer(c, 1);
}

const struct command more_unblock_commands[] = {
    {.name = "client|unblock", .arity = -3, .handler = client_unblock_command},
    {.name = NULL},
};
