/* dispatch: from the words of a command to its handler.
 *
 * The path of every command leads through here; what must hold before a
 * handler runs is checked in one order, and each check answers itself. */
#include "command/command.h"
#include "common/buffer.h"
#include "common/log.h"
#include "net/client.h"
#include "net/reply.h"

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

/* A web page can make a browser send HTTP to any port, and the lines of a
 * request are inline commands. No command has one of these names; Redis knows
 * them by the same two (securityWarningCommand in networking.c). */
static bool is_no_browser(struct client *c)
{
    if (!slice_is(c->argv[0], "post") && !slice_is(c->argv[0], "host:"))
        return true;
    log_write(LOG_WARNING,
              "Possible SECURITY ATTACK: a client sends POST or Host:, as a "
              "browser does that a web page leads here. Connection aborted.");
    client_abort(c);
    return false;
}

/* The error repeats what came, since the command has no name here. */
static bool is_known(struct client *c)
{
    if (!c->command)
        reply_unknown_command(c);
    return c->command;
}

/* An arity counts the name too; below zero it is the least, not the most. */
static bool has_right_arity(struct client *c)
{
    int arity = c->command->arity;
    bool fits = arity >= 0 ? c->argc == arity : c->argc >= -arity;
    if (!fits)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    return fits;
}

/* What must hold before a handler runs, in this order. Whichever does not hold
 * answers the client. */
/* clang-format off */
static bool (*const policy[])(struct client *c) = {
    is_no_browser,
    is_known,
    has_right_arity,
};
/* clang-format on */

void dispatch(struct client *c)
{
    c->command = command_find(c->argv[0]);
    for (size_t i = 0; i < sizeof policy / sizeof policy[0]; i++) {
        if (!policy[i](c))
            return;
    }
    c->command->handler(c);
}
