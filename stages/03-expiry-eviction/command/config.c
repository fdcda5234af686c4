/* config: parameters, asked for and changed by clients.
 *
 * The rows know how to parse and to print themselves; here are the words of the
 * commands around them. */
#include <string.h>

#include "command/errors.h"
#include "command/families.h"
#include "common/config_change.h"
#include "common/glob.h"
#include "net/client.h"
#include "net/reply.h"

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
    reply_end_aggregate(c, begun, REPLY_MAP, pairs);
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

const struct command config_commands[] = {
    {.name = "config", .arity = -2},
    {.name = "config|get", .arity = -3, .handler = config_get_command},
    {.name = "config|set", .arity = -4, .handler = config_set_command},
    {.name = NULL},
};
