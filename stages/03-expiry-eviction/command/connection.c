#include "command/connection.h"

#include "command/auth.h"
#include "command/families.h"
#include "command/monitor.h"
#include "command/session.h"
#include "common/numbers.h"
#include "common/version.h"
#include "net/client.h"
#include "net/reply.h"

static void ping_command(struct client *c)
{
    if (c->argc > 2)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    else if (c->argc == 2)
        reply_bulk(c, c->argv[1]);
    else
        reply_simple(c, "PONG");
}

static void echo_command(struct client *c)
{
    reply_bulk(c, c->argv[1]);
}

static void quit_command(struct client *c)
{
    reply_ok(c);
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

/* A name is printed in lists with spaces between fields, so it may hold
 * printable characters only. */
bool set_name_or_reply(struct client *c, struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < '!' || name.ptr[i] > '~') {
            reply_error(c, "ERR Client names cannot contain spaces, newlines "
                           "or special characters.");
            return false;
        }
    }
    client_set_name(c, name);
    return true;
}

/* Takes the options of HELLO behind the version. Answers a bad one. */
static bool take_hello_options(struct client *c)
{
    for (int i = 2; i < c->argc; i++) {
        int more = c->argc - 1 - i;
        if (slice_is(c->argv[i], "setname") && more >= 1) {
            if (!set_name_or_reply(c, c->argv[++i]))
                return false;
        } else if (slice_is(c->argv[i], "auth") && more >= 2) {
            struct slice name = c->argv[++i];
            struct slice password = c->argv[++i];
            auth_redact(c, i - 1);
            auth_redact(c, i);
            if (!auth_or_reply(c, name, password))
                return false;
        } else {
            reply_errorf(c, "ERR Syntax error in HELLO option '%.*s'",
                         (int)c->argv[i].len, c->argv[i].ptr);
            return false;
        }
    }
    return true;
}

/* What clients learn from HELLO: whom they speak to, and in which protocol. */
static void reply_hello(struct client *c)
{
    reply_map(c, 7);
    reply_bulk_text(c, "server");
    reply_bulk_text(c, "redis");
    reply_bulk_text(c, "version");
    reply_bulk_text(c, REDIS_VERSION);
    reply_bulk_text(c, "proto");
    reply_integer(c, c->protocol);
    reply_bulk_text(c, "id");
    reply_integer(c, (int64_t)c->id);
    reply_bulk_text(c, "mode");
    reply_bulk_text(c, "standalone");
    reply_bulk_text(c, "role");
    reply_bulk_text(c, "master");
    reply_bulk_text(c, "modules");
    reply_array(c, 0);
}

/* HELLO [version [AUTH user password] [SETNAME name]]: agrees on a protocol and says who we are. */
static void hello_command(struct client *c)
{
    int64_t version = c->protocol;
    if (c->argc >= 2 && !parse_int64(c->argv[1], &version)) {
        reply_error(c, "ERR Protocol version is not an integer or out of "
                       "range");
        return;
    }
    if (version < 2 || version > 3) {
        reply_error(c, "NOPROTO unsupported protocol version");
        return;
    }
    if (!take_hello_options(c))
        return;
    if (!auth_is_done(c)) {
        reply_error(c, "NOAUTH HELLO must be called with the client already "
                       "authenticated, otherwise the HELLO AUTH <user> <pass> "
                       "option can be used to authenticate the client and "
                       "select the RESP protocol version at the same time");
        return;
    }
    c->protocol = (int)version;
    reply_hello(c);
}

/* Brings the connection back to how it began. */
static void reset_command(struct client *c)
{
    c->protocol = 2;
    client_set_name(c, SLICE(""));
    session_begin(c);
    monitor_end(c);
    c->flags &= ~(unsigned)(CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP_NEXT);
    c->output.muted = c->flags & CLIENT_REPLY_SKIP;
    reply_simple(c, "RESET");
}

#define ALWAYS                                                         \
    (CMD_NOSCRIPT | CMD_LOADING | CMD_STALE | CMD_FAST | CMD_NO_AUTH | \
     CMD_ALLOW_BUSY)

const struct command connection_commands[] = {
    {"ping", -1, CMD_FAST, NO_KEYS, ping_command,
     "Answers PONG, or its argument."},
    {"echo", 2, CMD_LOADING | CMD_STALE | CMD_FAST, NO_KEYS, echo_command,
     "Answers its argument."},
    {"quit", -1, ALWAYS, NO_KEYS, quit_command, "Closes the connection."},
    {"hello", -1, ALWAYS, NO_KEYS, hello_command,
     "Agrees on a version of the protocol."},
    {"auth", -2, ALWAYS, NO_KEYS, auth_command, "Says who is talking."},
    {"reset", 1, ALWAYS, NO_KEYS, reset_command,
     "Brings the connection back to how it began."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
