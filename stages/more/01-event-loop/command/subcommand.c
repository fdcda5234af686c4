#include "more/01-event-loop/command/subcommand.h"

#include <ctype.h>
#include <string.h>

#include "net/client.h"
#include "net/reply.h"

enum { NAME_MAX_BYTES = 64, PREVIEW_MAX_BYTES = 128 };

const struct command *subcommand_find(const struct client *c,
                                      const struct command *rows)
{
    for (; rows->name; rows++) {
        if (slice_is(c->argv[1], strchr(rows->name, '|') + 1))
            return rows;
    }
    return NULL;
}

bool subcommand_takes(const struct command *row, int argc)
{
    return row->arity >= 0 ? argc == row->arity : argc >= -row->arity;
}

/* Replies that there is no such subcommand. The container is in capitals, as in
 * the documentation. */
static void reply_unknown(struct client *c, const char *container)
{
    char name[NAME_MAX_BYTES];
    size_t len = strlen(container);
    for (size_t i = 0; i <= len; i++)
        name[i] = (char)toupper((unsigned char)container[i]);
    len =
        c->argv[1].len < PREVIEW_MAX_BYTES ? c->argv[1].len : PREVIEW_MAX_BYTES;
    reply_errorf(c, "ERR unknown subcommand '%.*s'. Try %s HELP.", (int)len,
                 c->argv[1].ptr, name);
}

bool subcommand_or_reply(struct client *c, const struct command *rows)
{
    const struct command *row = subcommand_find(c, rows);
    if (!row)
        reply_unknown(c, c->command->name);
    c->command = row;
    if (!row)
        return false;
    bool fits = subcommand_takes(row, c->argc);
    if (!fits)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     row->name);
    return fits;
}
