/* config: adds CONFIG REWRITE and CONFIG RESETSTAT, and lets some clients
 * change protected parameters. */
#include "common/config.h"
#include "common/config_change.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/command/access.h"
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

static int protected_access;
static void (*set_command)(struct client *c); /* the lesson's */

static const struct config_row protected_config[] = {
    {CONFIG_VALUE(CHOICE, "enable-protected-configs", protected_access, "no"),
     .flags = CONFIG_IMMUTABLE, .choices = access_choices},
    {.name = NULL},
};

/* CONFIG SET, for this client. */
static void config_set_allowed_command(struct client *c)
{
    config_allow_protected(access_is_granted(protected_access, c));
    set_command(c);
}

static const struct command rows[] = {
    {.name = "config|set", .arity = -4, .handler = config_set_allowed_command},
    {.name = "config|resetstat",
     .arity = 2,
     .handler = config_resetstat_command},
    {.name = "config|rewrite", .arity = 2, .handler = config_rewrite_command},
    {.name = "config|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};

void config_commands_open(void)
{
    set_command = command_find(SLICE("config|set"))->handler;
    commands_add(rows);
    config_add(protected_config);
}
