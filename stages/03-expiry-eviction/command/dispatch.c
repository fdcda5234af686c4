#include "command/dispatch.h"

#include <ctype.h>

#include "command/call.h"
#include "command/command.h"
#include "common/buffer.h"
#include "common/hooks.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/evict.h"

enum { ARGUMENT_PREVIEW_BYTES = 128 };

/* The shorter of a slice's length and a limit, for printf's "%.*s". */
static int at_most(struct slice s, size_t limit)
{
    return (int)(s.len < limit ? s.len : limit);
}

/* Clients match this text to learn what a server can do. */
static void reply_unknown_command(struct client *c)
{
    struct buffer preview = {0};
    for (int i = 1; i < c->argc && preview.len < ARGUMENT_PREVIEW_BYTES; i++) {
        size_t room = ARGUMENT_PREVIEW_BYTES - preview.len;
        buffer_printf(&preview, "'%.*s' ", at_most(c->argv[i], room),
                      c->argv[i].ptr);
    }
    reply_errorf(c,
                 "ERR unknown command '%.*s', with args beginning with: %.*s",
                 at_most(c->argv[0], ARGUMENT_PREVIEW_BYTES), c->argv[0].ptr,
                 (int)preview.len, preview.data);
    buffer_free(&preview);
}

/* The error repeats what came, since the command has no name here. */
static bool check_known(struct client *c)
{
    if (!c->command)
        reply_unknown_command(c);
    return c->command;
}

/* An arity counts the name too; below zero it is the least, not the most. */
static bool check_arity(struct client *c)
{
    int arity = c->command->arity;
    bool fits = arity >= 0 ? c->argc == arity : c->argc >= -arity;
    if (!fits)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    return fits;
}

/* Names the container in capitals, as it is written in the documentation. */
static void reply_unknown_subcommand(struct client *c)
{
    char container[ARGUMENT_PREVIEW_BYTES + 1];
    int len = at_most(c->argv[0], ARGUMENT_PREVIEW_BYTES);
    for (int i = 0; i < len; i++)
        container[i] = (char)toupper((unsigned char)c->argv[0].ptr[i]);
    reply_errorf(c, "ERR unknown subcommand '%.*s'. Try %.*s HELP.",
                 at_most(c->argv[1], ARGUMENT_PREVIEW_BYTES), c->argv[1].ptr,
                 len, container);
}

/* The row of a container means that the subcommand is unknown. */
static bool check_subcommand(struct client *c)
{
    if (!c->command->handler)
        reply_unknown_subcommand(c);
    return c->command->handler;
}

/* Each command makes room for what it may need; one that only takes memory is
 * refused when there is none to be had. */
static bool check_memory(struct client *c)
{
    if (evict_to_fit() != EVICT_STUCK || !(c->command->flags & CMD_DENYOOM))
        return true;
    reply_error(c, "OOM command not allowed when used memory > 'maxmemory'.");
    return false;
}

static check_fn *checks[CHECK_COUNT] = {
    [CHECK_KNOWN] = check_known,
    [CHECK_ARITY] = check_arity,
    [CHECK_SUBCOMMAND] = check_subcommand,
    [CHECK_MEMORY] = check_memory,
};

static struct hooks rejected;

void dispatch_check(enum check_place place, check_fn *fn)
{
    checks[place] = fn;
}

void dispatch_on_rejected(void (*fn)(struct client *c))
{
    hooks_add(&rejected, (hook_fn *)fn);
}

void dispatch(struct client *c)
{
    c->command = command_of(c->argc, c->argv);
    for (int place = 0; place < CHECK_COUNT; place++) {
        if (checks[place] && !checks[place](c)) {
            hooks_call(&rejected, client_fn, c);
            return;
        }
    }
    call(c);
}
