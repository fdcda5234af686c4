/* config: CONFIG GET and CONFIG SET, which read and change parameters.
 *
 * How a parameter is parsed, checked and printed is known to its row (see
 * common/config.h); here are only the commands around the rows. */
#include <string.h>

#include "command/errors.h"
#include "command/families.h"
#include "common/config_change.h"
#include "common/glob.h"
#include "net/client.h"
#include "net/reply.h"

/* Returns whether one of the arguments asks for the parameter. One without a
 * wildcard is compared as a whole, which also finds names that patterns do not
 * show. *spelling is the name in the reply: as the client has spelled it, or
 * our own if a pattern matched. */
static bool is_asked_for(const struct client *c, struct slice name,
                         bool by_name_only, struct slice *spelling)
{
    for (int i = 2; i < c->argc; i++) {
        struct slice pattern = c->argv[i];
        bool wild = pattern.len > 0 && (memchr(pattern.ptr, '*', pattern.len) ||
                                        memchr(pattern.ptr, '?', pattern.len) ||
                                        memchr(pattern.ptr, '[', pattern.len));
        if (wild ? !by_name_only && glob_match(pattern, name, true)
                 : slice_equal_nocase(pattern, name)) {
            *spelling = wild ? name : pattern;
            return true;
        }
    }
    return false;
}

/* Replies with name and value if the client asks for them. Returns the number
 * of pairs, 0 or 1. `name` is the row's name, or its alias, or NULL. */
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

/* CONFIG GET pattern [pattern ...]: a parameter that several patterns match
 * comes once, but one with an alias may come under both names. */
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

/* CONFIG SET name value [name value ...]: sets all of them or none. */
static void config_set_command(struct client *c)
{
    if (c->argc % 2 != 0) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    struct slice name;
    const char *reason; /* NULL: there is no parameter of that name */
    if (config_set(c->argv + 2, c->argc / 2 - 1, &name, &reason))
        reply_ok(c);
    else if (reason)
        reply_errorf(c,
                     "ERR CONFIG SET failed (possibly related to argument "
                     "'%.*s') - %s",
                     slice_precision(name), name.ptr, reason);
    else
        reply_errorf(c,
                     "ERR Unknown option or number of arguments for CONFIG "
                     "SET - '%.*s'",
                     slice_precision(name), name.ptr);
}

const struct command config_commands[] = {
    {.name = "config", .arity = -2},
    {.name = "config|get", .arity = -3, .handler = config_get_command},
    {.name = "config|set", .arity = -4, .handler = config_set_command},
    {.name = NULL},
};
