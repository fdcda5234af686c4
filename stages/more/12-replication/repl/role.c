/* role: adds SLAVEOF, the older name of REPLICAOF, and writes into the file
 * whom the server follows. */
#include "command/command.h"
#include "common/config.h"
#include "more/12-replication/repl/families.h"
#include "net/reply.h"
#include "repl/link.h"
#include "repl/replication.h"

static const struct command *lesson_replicaof;

/* REPLICAOF host port | NO ONE */
static void replicaof_command(struct client *c)
{
    if (failover_is_underway())
        reply_error(c, "ERR REPLICAOF not allowed while failing over.");
    else
        lesson_replicaof->handler(c);
}

static const struct command role_commands[] = {
    {.name = "replicaof", .arity = 3, .handler = replicaof_command},
    {.name = "slaveof", .arity = 3, .handler = replicaof_command},
    {.name = NULL},
};

/* A server that follows no other has no such line: an old one goes. */
static void rewrite_primary(struct buffer *out)
{
    if (link_up.host)
        buffer_printf(out, "replicaof %s %lld\n", link_up.host,
                      (long long)link_up.port);
}

void role_open(void)
{
    static struct config_row rows[2]; /* the last has no name */
    rows[0] = *config_find(SLICE("replicaof"));
    rows[0].rewrite = rewrite_primary;
    config_add(rows);
    lesson_replicaof = command_find(SLICE("replicaof"));
    commands_add(role_commands);
}
