/* In RESP2 these two are the only commands whose reply differs there: where
 * they would have to wait they reply with what LMOVE replies, a null. After a
 * wait in vain they reply with a null array, as all others do. */
#include "more/09-transactions/command/blocking.h"

#include "command/waiting.h"
#include "more/08-blocking-pubsub/command/moving.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* BLMOVE source destination LEFT | RIGHT LEFT | RIGHT timeout
 * BRPOPLPUSH source destination timeout */
static void blmove_command(struct client *c)
{
    int from, to;
    int64_t timeout_ms;
    if (!(c->flags & CLIENT_DENY_BLOCKING) || lookup_write(c->db, c->argv[1]))
        move_or_wait(c);
    else if (ends_or_reply(c, &from, &to) &&
             timeout_or_reply(c, c->argv[c->argc - 1], &timeout_ms))
        reply_null(c);
}

const struct command more_moving_commands[] = {
    {.name = "blmove",
     .arity = 6,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = blmove_command},
    {.name = "brpoplpush",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = blmove_command},
    {.name = NULL},
};
