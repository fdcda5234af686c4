#include "command/connection.h"

#include "command/families.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/version.h"
#include "net/client.h"
#include "net/reply.h"

/* Replies to PING with two elements, "pong" and its message. */
static void reply_pong_message(struct client *c)
{
    reply_array(c, 2);
    reply_bulk_text(c, "pong");
    reply_bulk(c, c->argc == 2 ? c->argv[1] : SLICE(""));
}

/* PING [message]: an arity cannot say "one or two", so PING counts itself. To a
 * client that is subscribed its reply looks as a message does. */
static void ping_command(struct client *c)
{
    if (c->argc > 2)
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
    else if (c->flags & CLIENT_SUBSCRIBED && c->protocol == 2)
        reply_pong_message(c);
    else if (c->argc == 2)
        reply_bulk(c, c->argv[1]);
    else
        reply_simple(c, "PONG");
}

/* ECHO message */
static void echo_command(struct client *c)
{
    reply_bulk(c, c->argv[1]);
}

/* QUIT: the connection is closed once the reply has been sent. */
static void quit_command(struct client *c)
{
    reply_ok(c);
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

void reply_hello(struct client *c)
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
    reply_bulk_text(c, log_settings.role == 'S' ? "replica" : "master");
    reply_bulk_text(c, "modules");
    reply_array(c, 0);
}

bool hello_version_or_reply(struct client *c, int *version)
{
    int64_t number = c->protocol;
    if (c->argc >= 2 && !parse_int64(c->argv[1], &number)) {
        reply_error(c, "ERR Protocol version is not an integer or out of "
                       "range");
        return false;
    }
    if (number < 2 || number > 3) {
        reply_error(c, "NOPROTO unsupported protocol version");
        return false;
    }
    *version = (int)number;
    return true;
}

/* HELLO [version]: the reply is in the new protocol already. */
static void hello_command(struct client *c)
{
    int version;
    if (!hello_version_or_reply(c, &version))
        return;
    if (c->argc > 2) {
        reply_errorf(c, "ERR Syntax error in HELLO option '%.*s'",
                     slice_precision(c->argv[2]), c->argv[2].ptr);
        return;
    }
    c->protocol = version;
    reply_hello(c);
}

const struct command connection_commands[] = {
    {.name = "ping", .arity = -1, .handler = ping_command},
    {.name = "echo", .arity = 2, .handler = echo_command},
    {.name = "quit", .arity = -1, .handler = quit_command},
    {.name = "hello", .arity = -1, .handler = hello_command},
    {.name = NULL},
};
