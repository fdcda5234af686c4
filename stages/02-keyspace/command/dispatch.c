/* dispatch: from the words of a command to its handler.
 *
 * The path of every command leads through here; what must hold before a
 * handler runs is checked in one order, and each check answers itself. */
#include <ctype.h>
#include <string.h>

#include "command/auth.h"
#include "command/call.h"
#include "command/client.h"
#include "command/command.h"
#include "command/debug.h"
#include "command/monitor.h"
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

const struct command *command_of(int argc, const struct slice *argv)
{
    if (memchr(argv[0].ptr, '|', argv[0].len))
        return NULL;
    const struct command *command = command_find(argv[0]);
    if (!command || argc < 2 ||
        (command->handler && !(command->flags & CMD_CONTAINER)))
        return command;
    const struct command *sub = command_find_subcommand(command, argv[1]);
    return sub ? sub : command;
}

/* Names the container in capitals, as it stands in the documentation. */
void reply_unknown_subcommand(struct client *c)
{
    char container[ARGUMENT_PREVIEW_BYTES + 1];
    int len = at_most(c->argv[0], ARGUMENT_PREVIEW_BYTES);
    for (int i = 0; i < len; i++)
        container[i] = (char)toupper((unsigned char)c->argv[0].ptr[i]);
    reply_errorf(c, "ERR unknown subcommand '%.*s'. Try %.*s HELP.",
                 at_most(c->argv[1], ARGUMENT_PREVIEW_BYTES), c->argv[1].ptr,
                 len, container);
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

bool command_takes(const struct command *command, int argc)
{
    int arity = command->arity;
    return arity >= 0 ? argc == arity : argc >= -arity;
}

/* An arity counts the name too; below zero it is the least, not the most. */
static bool has_right_arity(struct client *c)
{
    bool fits = command_takes(c->command, c->argc);
    if (!fits)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    return fits;
}

/* A container has none: who names it without a subcommand it knows gets no
 * further. */
static bool has_handler(struct client *c)
{
    bool is_unknown_word = c->command->flags & CMD_CONTAINER && c->argc > 1;
    if (c->command->handler && !is_unknown_word)
        return true;
    reply_unknown_subcommand(c);
    c->command = NULL; /* nobody knows it: neither shown nor counted */
    return false;
}

/* Only AUTH, HELLO and their like are open to everybody. */
static bool is_authenticated(struct client *c)
{
    if (auth_is_done(c) || c->command->flags & CMD_NO_AUTH)
        return true;
    reply_error(c, "NOAUTH Authentication required.");
    return false;
}

/* What a pause holds back is executed when it ends, not refused. */
static bool is_not_paused(struct client *c)
{
    if (c->flags & CLIENT_MONITOR || !client_pause_holds(c->command))
        return true;
    client_postpone(c);
    return false;
}

/* What must hold before a handler runs, in this order. Whichever does not hold
 * answers the client. */
/* clang-format off */
static bool (*const policy[])(struct client *c) = {
    is_no_browser,
    is_known,
    has_right_arity,
    has_handler,
    debug_is_allowed,
    is_authenticated,
    auth_permits,
    monitor_permits,
    is_not_paused,
};
/* clang-format on */

void dispatch(struct client *c)
{
    c->command = command_of(c->argc, c->argv);
    for (size_t i = 0; i < sizeof policy / sizeof policy[0]; i++) {
        if (policy[i](c))
            continue;
        if (c->command && !(c->flags & CLIENT_POSTPONED))
            command_stats(c->command)->rejected++;
        return;
    }
    call(c);
}
