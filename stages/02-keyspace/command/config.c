/* config: what the server is told to be, asked and changed by clients.
 *
 * The rows know how to read and to print themselves; here are the words of the
 * four commands around them. */
#include <string.h>

#include "command/call.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/rates.h"
#include "common/glob.h"
#include "config_change.h"
#include "net/client.h"
#include "net/error_stats.h"
#include "net/reply.h"
#include "net/server.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"

/* A name without one is looked for as it is. */
static bool has_wildcard(struct slice pattern)
{
    return pattern.len > 0 && (memchr(pattern.ptr, '*', pattern.len) ||
                               memchr(pattern.ptr, '?', pattern.len) ||
                               memchr(pattern.ptr, '[', pattern.len));
}

/* Whether one of the patterns asks for the name; then *spelling is how it is
 * answered: a name that was asked for as such, in the client's own spelling. */
static bool is_asked_for(const struct client *c, struct slice name,
                         bool by_name_only, struct slice *spelling)
{
    for (int i = 2; i < c->argc; i++) {
        struct slice pattern = c->argv[i];
        bool wild = has_wildcard(pattern);
        if (wild ? !by_name_only && glob_match(pattern, name, true)
                 : slice_equal_nocase(pattern, name)) {
            *spelling = wild ? name : pattern;
            return true;
        }
    }
    return false;
}

/* Answers name and value if they are asked for. Returns how many pairs. */
static size_t reply_pair(struct client *c, const char *name,
                         const struct config_row *row)
{
    struct slice spelling;
    if (!name || row->flags & CONFIG_DIRECTIVE ||
        !is_asked_for(c, slice_of(name), row->flags & CONFIG_HIDDEN, &spelling))
        return 0;
    struct buffer value = {0};
    config_format(row, &value);
    reply_bulk(c, spelling);
    reply_bulk(c, buffer_slice(&value));
    buffer_free(&value);
    return 1;
}

/* CONFIG GET pattern [pattern ...] */
static void config_get_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    size_t pairs = 0;
    const struct config_row *row;
    for (int i = 0; (row = config_at(i)); i++) {
        pairs += reply_pair(c, row->name, row);
        pairs += reply_pair(c, row->alias, row);
    }
    reply_end_map(c, begun, pairs);
}

/* Without a reason nobody knows the name. */
static void reply_not_set(struct client *c, struct slice name,
                          const char *reason)
{
    if (reason)
        reply_errorf(c,
                     "ERR CONFIG SET failed (possibly related to argument "
                     "'%.*s') - %s",
                     (int)name.len, name.ptr, reason);
    else
        reply_errorf(c,
                     "ERR Unknown option or number of arguments for CONFIG "
                     "SET - '%.*s'",
                     (int)name.len, name.ptr);
}

/* CONFIG SET name value [name value ...]: all of them or none. */
static void config_set_command(struct client *c)
{
    if (c->argc % 2 != 0) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    struct slice culprit;
    const char *reason;
    if (config_set(c->argv + 2, c->argc / 2 - 1, &culprit, &reason))
        reply_ok(c);
    else
        reply_not_set(c, culprit, reason);
}

/* CONFIG RESETSTAT: every counter lives where it is counted. */
static void config_resetstat_command(struct client *c)
{
    command_stats_reset();
    calls_total = 0;
    reply_errors = 0;
    error_stats_reset();
    net_stats = (struct net_stats){0};
    keyspace_stats = (struct keyspace_stats){0};
    lazyfree_reset_stats();
    rates_reset();
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

#define FOR_ADMINS (CMD_ADMIN | CMD_NOSCRIPT | CMD_LOADING | CMD_STALE)

const struct command config_commands[] = {
    {"config", -2, 0, NO_KEYS, NULL, "Tells and changes the configuration."},
    {"config|get", -3, FOR_ADMINS, NO_KEYS, config_get_command,
     "Lists the parameters that match a pattern."},
    {"config|set", -4, FOR_ADMINS, NO_KEYS, config_set_command,
     "Changes parameters while the server runs."},
    {"config|resetstat", 2, FOR_ADMINS, NO_KEYS, config_resetstat_command,
     "Starts the counters that INFO shows again from zero."},
    {"config|rewrite", 2, FOR_ADMINS, NO_KEYS, config_rewrite_command,
     "Writes the configuration back into its file."},
    {"config|help", 2, CMD_LOADING | CMD_STALE, NO_KEYS, reply_help,
     "Lists the subcommands."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
