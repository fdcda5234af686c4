/* client: adds CLIENT, with the subcommands that name and treat connections.
 *
 * CLIENT is one command here, whose handler finds the row of the second
 * argument itself. Where the lesson knows containers, its rows become
 * subcommands. */
#include "more/01-event-loop/command/client.h"

#include "more/00-resp/command/connection.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/command/pause.h"
#include "more/01-event-loop/command/reply_mode.h"
#include "more/01-event-loop/command/subcommand.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/replies.h"
#include "net/client.h"
#include "net/reply.h"

bool client_set_name_or_reply(struct client *c, struct slice *values)
{
    if (!client_name_or_reply(c, values))
        return false;
    client_set_name(c, values[0]);
    return true;
}

/* CLIENT ID */
static void client_id_command(struct client *c)
{
    reply_integer(c, (int64_t)c->id);
}

/* CLIENT GETNAME: null for a connection without a name. */
static void client_getname_command(struct client *c)
{
    const char *name = extension_of(c)->name;
    if (name)
        reply_bulk_text(c, name);
    else
        reply_no_text(c);
}

/* CLIENT SETNAME name */
static void client_setname_command(struct client *c)
{
    if (client_set_name_or_reply(c, c->argv + 2))
        reply_ok(c);
}

/* CLIENT NO-EVICT ON|OFF: whether the connection may be closed when clients
 * take too much memory. */
static void client_no_evict_command(struct client *c)
{
    static const struct choice modes[] = {
        {"on", CLIENT_NO_EVICT},
        {"off", 0},
        {NULL, 0},
    };
    int mode;
    if (!choice_or_reply(c, c->argv[2], modes, &mode, NULL))
        return;
    c->flags = (c->flags & ~(unsigned)CLIENT_NO_EVICT) | (unsigned)mode;
    reply_ok(c);
}

void client_reset(struct client *c)
{
    client_set_name(c, SLICE(""));
    reply_mode_reset(c);
}

const struct command more_client_subcommands[] = {
    {.name = "client|id", .arity = 2, .handler = client_id_command},
    {.name = "client|getname", .arity = 2, .handler = client_getname_command},
    {.name = "client|setname", .arity = 3, .handler = client_setname_command},
    {.name = "client|info", .arity = 2, .handler = client_info_command},
    {.name = "client|list", .arity = -2, .handler = client_list_command},
    {.name = "client|kill", .arity = -3, .handler = client_kill_command},
    {.name = "client|reply", .arity = 3, .handler = client_reply_command},
    {.name = "client|no-evict", .arity = 3, .handler = client_no_evict_command},
    {.name = "client|pause", .arity = -3, .handler = client_pause_command},
    {.name = "client|unpause", .arity = 2, .handler = client_unpause_command},
    {.name = "client|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};

/* CLIENT subcommand [argument ...] */
static void client_command(struct client *c)
{
    if (subcommand_or_reply(c, more_client_subcommands))
        c->command->handler(c);
}

const struct command more_client_commands[] = {
    {.name = "client", .arity = -2, .handler = client_command},
    {.name = NULL},
};

#define ANYONE (DOC_NOSCRIPT | DOC_LOADING | DOC_STALE)

const struct command_doc more_client_docs[] = {
    {.name = "client",
     .group = "connection",
     .since = "2.4.0",
     .summary = "A container for commands about connections."},
    {.name = "client|id",
     .group = "connection",
     .flags = ANYONE,
     .since = "5.0.0",
     .summary = "Returns the connection's id."},
    {.name = "client|getname",
     .group = "connection",
     .flags = ANYONE,
     .since = "2.6.9",
     .summary = "Returns the connection's name."},
    {.name = "client|setname",
     .group = "connection",
     .flags = ANYONE,
     .since = "2.6.9",
     .synopsis = "connection-name",
     .syntax = "<name>",
     .summary = "Sets the connection's name."},
    {.name = "client|info",
     .group = "connection",
     .flags = ANYONE,
     .tips = "nondeterministic_output",
     .since = "6.2.0",
     .summary = "Returns the connection's line of CLIENT LIST."},
    {.name = "client|list",
     .group = "connection",
     .flags = ANYONE | DOC_ADMIN,
     .tips = "nondeterministic_output",
     .since = "2.4.0",
     .synopsis = "[TYPE normal_master_replica_pubsub("
                 "NORMAL | MASTER | REPLICA | PUBSUB)]@5.0.0 "
                 "[ID id(client-id:integer...)]@6.2.0",
     .syntax = "[options ...]",
     .summary =
         "Lists connections: all, those of a TYPE, or those with an ID."},
    {.name = "client|kill",
     .group = "connection",
     .flags = ANYONE | DOC_ADMIN,
     .since = "2.4.0",
     .synopsis = "filter(ip:port:string!2.8.12 | new-format("
                 "[ID client-id:integer]@2.8.12 | "
                 "[TYPE normal_master_slave_pubsub(NORMAL | MASTER@3.2.0 | "
                 "SLAVE | REPLICA@5.0.0 | PUBSUB)]@2.8.12 | "
                 "[USER username] | [ADDR ip:port:string] | "
                 "[LADDR ip:port:string]@6.2.0 | [SKIPME yes/no])...)",
     .syntax = "(<ip:port>|<option> <value> [<option> <value> [...]])",
     .summary = "Closes the connections to which all of the conditions apply."},
    {.name = "client|reply",
     .group = "connection",
     .flags = ANYONE,
     .since = "3.2.0",
     .synopsis = "on_off_skip(ON | OFF | SKIP)",
     .syntax = "(ON|OFF|SKIP)",
     .summary =
         "Chooses which commands get a reply: ON, OFF, or SKIP the next."},
    {.name = "client|no-evict",
     .group = "connection",
     .flags = ANYONE | DOC_ADMIN,
     .since = "7.0.0",
     .synopsis = "enabled(ON | OFF)",
     .syntax = "(ON|OFF)",
     .summary = "Sets whether the connection is kept when memory is short."},
    {.name = "client|pause",
     .group = "connection",
     .flags = ANYONE | DOC_ADMIN,
     .since = "2.9.50",
     .synopsis = "timeout:integer [mode(WRITE | ALL)]@6.2.0",
     .syntax = "<timeout> [WRITE|ALL]",
     .summary = "Makes all commands, or those that write, wait for some "
                "milliseconds."},
    {.name = "client|unpause",
     .group = "connection",
     .flags = ANYONE | DOC_ADMIN,
     .since = "6.2.0",
     .summary = "Ends a pause."},
    {.name = "client|help",
     .group = "connection",
     .flags = DOC_LOADING | DOC_STALE,
     .since = "5.0.0",
     .summary = "Prints this help."},
    {.name = NULL},
};
