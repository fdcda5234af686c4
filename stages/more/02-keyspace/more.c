/* more_keyspace: registers the other commands of strings, keys and databases,
 * reports, users, MONITOR and DEBUG. */
#include "more/more.h"
#include "command/call.h"
#include "command/dispatch.h"
#include "common/config.h"
#include "more/01-event-loop/command/client.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/command/pause.h"
#include "more/02-keyspace/command/auth.h"
#include "more/02-keyspace/command/debug.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/introspect.h"
#include "more/02-keyspace/command/look_ahead.h"
#include "more/02-keyspace/command/monitor.h"
#include "more/02-keyspace/command/permissions.h"
#include "more/02-keyspace/command/stats.h"
#include "more/02-keyspace/net/settings.h"
#include "more/02-keyspace/store/settings.h"
#include "net/client.h"
#include "net/connection.h"
#include "store/keyspace.h"

/* CLIENT becomes a container like others. */
static const struct command client_container[] = {
    {.name = "client", .arity = -2},
    {.name = NULL},
};

/* Whether CLIENT PAUSE WRITE holds back the client's command. */
static bool is_write(const struct client *c)
{
    return c->command->flags & CMD_WRITE;
}

/* The field "db" of CLIENT LIST. */
static void append_db(const struct client *c, struct buffer *out)
{
    buffer_printf(out, "%d", c->db->id);
}

/* Registers all rows and docs. */
static void add_commands(void)
{
    commands_add(client_container);
    commands_add(more_client_subcommands);
    commands_add(more_string_commands);
    commands_add(more_lcs_commands);
    commands_add(more_key_commands);
    if (!command_find(SLICE("unlink")))
        commands_add(more_unlink_commands);
    commands_add(more_database_commands);
    commands_add(more_server_commands);
    commands_add(more_monitor_commands);
    commands_add(more_debug_commands);
    commands_add(more_command_commands);
    commands_add(more_command_subcommands);
    commands_add(more_auth_commands);
    commands_add(more_acl_commands);
    commands_add(more_info_commands);
    docs_add(more_keyspace_docs);
}

void more_keyspace(void)
{
    add_commands();
    config_add(more_net_config);
    config_add(more_lazyfree_config);
    config_add(more_auth_config);
    config_add(more_debug_config);
    config_commands_open();
    stats_open();
    info_open();
    auth_open();
    monitor_open();
    debug_open();
    dispatch_check(CHECK_AUTHENTICATED, check_permitted);
    connection_on_input(look_ahead);
    client_field_set("db", append_db);
    pause_set_writes(is_write);
}
