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

/* Returns the slice's length, at most `limit`, for printf's "%.*s". */
static int at_most(struct slice s, size_t limit)
{
    return (int)(s.len < limit ? s.len : limit);
}

/* Replies with an error and returns false if the name has no row. The error
 * repeats the name and some arguments, cut short: a client may have sent
 * megabytes. Clients match its text to learn what a server can do. */
static bool check_known(struct client *c)
{
    if (c->command)
        return true;
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
    return false;
}

/* Replies with an error and returns false if the argument count is wrong. */
static bool check_arity(struct client *c)
{
    int arity = c->command->arity;
    bool fits = arity >= 0 ? c->argc == arity : c->argc >= -arity;
    if (!fits)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    return fits;
}

/* Replies with an error and returns false if the second argument names no
 * subcommand: command_of has then found the container's own row. The error
 * names the container in capitals, as the documentation does. */
static bool check_subcommand(struct client *c)
{
    if (c->command->handler)
        return true;
    char container[ARGUMENT_PREVIEW_BYTES + 1];
    int len = at_most(c->argv[0], ARGUMENT_PREVIEW_BYTES);
    for (int i = 0; i < len; i++)
        container[i] = (char)toupper((unsigned char)c->argv[0].ptr[i]);
    reply_errorf(c, "ERR unknown subcommand '%.*s'. Try %.*s HELP.",
                 at_most(c->argv[1], ARGUMENT_PREVIEW_BYTES), c->argv[1].ptr,
                 len, container);
    return false;
}

/* Evicts keys before any command, until memory is below its limit or its time
 * is over: then a timer goes on. If nothing is left to evict, replies with an
 * error and returns false to a command that may need more memory; others, DEL
 * among them, still run. */
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
