/* config: adds CONFIG REWRITE and CONFIG RESETSTAT. */
#include "common/config_change.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/stats.h"
#include "net/client.h"
#include "net/reply.h"

/* CONFIG RESETSTAT */
static void config_resetstat_command(struct client *c)
{
    stats_reset();
    reply_ok(c);
}

/* CONFIG REWRITE */
static void config_rewrite_command(struct client *c)
{
    const char *reason;
    if (config_rewrite(&reason))
        reply_ok(c);
    else
        reply_errorf(c, "ERR %s", reason);
}

const struct command more_config_commands[] = {
    {.name = "config|resetstat",
     .arity = 2,
     .handler = config_resetstat_command},
    {.name = "config|rewrite", .arity = 2, .handler = config_rewrite_command},
    {.name = "config|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};
