/* server: adds TIME and SHUTDOWN. */
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/command/shutdown.h"
#include "net/client.h"
#include "net/event_loop.h"
#include "net/reply.h"

/* Replies with the digits of a number, as a bulk string. */
static void reply_number_text(struct client *c, int64_t number)
{
    char text[INT64_TEXT_MAX];
    reply_bulk(c, (struct slice){text, format_int64(text, number)});
}

/* TIME: seconds since 1970, and the microseconds of the current one. */
static void time_command(struct client *c)
{
    int64_t now_us = clock_us();
    reply_array(c, 2);
    reply_number_text(c, now_us / 1000000);
    reply_number_text(c, now_us % 1000000);
}

enum { SHUTDOWN_BOTH = SHUTDOWN_SAVE | SHUTDOWN_NOSAVE };

static shutdown_fn *prepare; /* NULL: nothing is to be done before */
static const struct shutdown_delay *delay; /* NULL: it never has to wait */

shutdown_fn *shutdown_prepare(shutdown_fn *fn)
{
    shutdown_fn *before = prepare;
    prepare = fn;
    return before;
}

void shutdown_delay_by(const struct shutdown_delay *d)
{
    delay = d;
}

bool shutdown_finish(unsigned flags)
{
    if (prepare && !prepare(flags)) {
        log_write(LOG_WARNING, "Errors trying to shut down the server. Check "
                               "the logs for more information.");
        return false;
    }
    event_loop_stop();
    return true;
}

/* SHUTDOWN ABORT: ends one that waits. */
static void abort_or_reply(struct client *c)
{
    if (delay && delay->abort())
        reply_ok(c);
    else
        reply_error(c, "ERR No shutdown in progress.");
}

static const struct choice shutdown_options[] = {
    {"nosave", SHUTDOWN_NOSAVE}, {"save", SHUTDOWN_SAVE},
    {"now", SHUTDOWN_NOW},       {"force", SHUTDOWN_FORCE},
    {"abort", SHUTDOWN_ABORT},   {NULL, 0},
};

/* SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] [ABORT]: the reply is that the
 * connection ends. */
static void shutdown_command(struct client *c)
{
    int flags = 0, flag;
    for (int i = 1; i < c->argc; i++) {
        if (!choice_or_reply(c, c->argv[i], shutdown_options, &flag, NULL))
            return;
        flags |= flag;
    }
    if ((flags & SHUTDOWN_BOTH) == SHUTDOWN_BOTH ||
        (flags & SHUTDOWN_ABORT && flags != SHUTDOWN_ABORT)) {
        reply_error(c, SYNTAX_ERROR);
    } else if (flags & SHUTDOWN_ABORT) {
        abort_or_reply(c);
    } else if (!delay || !delay->begin(c, (unsigned)flags)) {
        log_write(LOG_WARNING, "User requested shutdown...");
        if (shutdown_finish((unsigned)flags))
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
        else
            reply_error(c, ERR_SHUTDOWN);
    }
}

const struct command more_server_commands[] = {
    {.name = "time", .arity = 1, .handler = time_command},
    {.name = "shutdown", .arity = -1, .handler = shutdown_command},
    {.name = NULL},
};
