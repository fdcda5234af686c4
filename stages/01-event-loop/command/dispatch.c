#include "command/dispatch.h"

#include "command/command.h"
#include "common/buffer.h"
#include "net/client.h"
#include "net/reply.h"

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

static check_fn *checks[CHECK_COUNT] = {
    [CHECK_KNOWN] = check_known,
    [CHECK_ARITY] = check_arity,
};

void dispatch_check(enum check_place place, check_fn *fn)
{
    checks[place] = fn;
}

void dispatch(struct client *c)
{
    c->command = command_find(c->argv[0]);
    for (int place = 0; place < CHECK_COUNT; place++) {
        if (checks[place] && !checks[place](c))
            return;
    }
    c->command->handler(c);
}
