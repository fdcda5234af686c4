/* server: what concerns the server as a whole. */
#include "net/server.h"
#include "command/args.h"
#include "command/debug.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/monitor.h"
#include "common/clock.h"
#include "common/log.h"
#include "net/client.h"
#include "net/reply.h"

/* Seconds since 1970, and the microseconds of the current one. */
static void time_command(struct client *c)
{
    int64_t now_us = clock_ticked_us();
    reply_array(c, 2);
    reply_bulk_integer(c, now_us / 1000000);
    reply_bulk_integer(c, now_us % 1000000);
}

enum {
    SHUTDOWN_NOSAVE = 1 << 0,
    SHUTDOWN_SAVE = 1 << 1,
    SHUTDOWN_NOW = 1 << 2,
    SHUTDOWN_FORCE = 1 << 3,
    SHUTDOWN_ABORT = 1 << 4,
    SHUTDOWN_BOTH = SHUTDOWN_SAVE | SHUTDOWN_NOSAVE,
};

static const struct choice shutdown_words[] = {
    {"nosave", SHUTDOWN_NOSAVE}, {"save", SHUTDOWN_SAVE},
    {"now", SHUTDOWN_NOW},       {"force", SHUTDOWN_FORCE},
    {"abort", SHUTDOWN_ABORT},   {NULL, 0},
};

/* SHUTDOWN [NOSAVE|SAVE] [NOW] [FORCE] [ABORT]: the answer is that the
 * connection ends. */
static void shutdown_command(struct client *c)
{
    int flags = 0, flag;
    for (int i = 1; i < c->argc; i++) {
        if (!arg_choice(c, c->argv[i], shutdown_words, &flag, NULL))
            return;
        flags |= flag;
    }
    if ((flags & SHUTDOWN_BOTH) == SHUTDOWN_BOTH ||
        (flags & SHUTDOWN_ABORT && flags != SHUTDOWN_ABORT)) {
        reply_error(c, ERR_SYNTAX);
    } else if (flags & SHUTDOWN_ABORT) {
        reply_error(c, "ERR No shutdown in progress.");
    } else {
        log_write(LOG_WARNING, "User requested shutdown...");
        c->flags |= CLIENT_CLOSE_AFTER_REPLY;
        server_stop();
    }
}

#define ANYTIME (CMD_LOADING | CMD_STALE)
#define ADMIN (CMD_ADMIN | CMD_NOSCRIPT | ANYTIME)

const struct command server_commands[] = {
    {"time", 1, ANYTIME | CMD_FAST, NO_KEYS, time_command,
     "Answers what time it is."},
    {"monitor", 1, ADMIN, NO_KEYS, monitor_command,
     "Shows all commands that the server executes from now on."},
    {"shutdown", -1, ADMIN | CMD_NO_MULTI | CMD_ALLOW_BUSY, NO_KEYS,
     shutdown_command, "Ends the server."},
    {"debug", -2, ADMIN | CMD_PROTECTED, NO_KEYS, debug_command,
     "Serves those who test the server."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
