/* farewell: SHUTDOWN waits until the replicas have all that was written, so
 * that one of them can go on as the primary. Writes wait meanwhile.
 *
 *   SHUTDOWN -> writes are held back -> all replicas have acknowledged -> end
 *                                    -> or shutdown-timeout is over   -> end
 *                                    -> or SHUTDOWN ABORT             -> go on */
#include <limits.h>

#include "command/waiting.h"
#include "common/clock.h"
#include "common/config.h"
#include "common/log.h"
#include "more/01-event-loop/command/pause.h"
#include "more/02-keyspace/command/info.h"
#include "more/02-keyspace/command/shutdown.h"
#include "more/12-replication/repl/families.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/server.h"
#include "net/timers.h"
#include "repl/primary.h"

enum { CHECK_MS = 100 };

static int64_t timeout_s; /* 0: it never waits */

/* A shutdown that waits. */
static struct {
    bool is_underway;
    unsigned flags; /* enum shutdown_flag */
    int64_t end_ms; /* on the monotonic clock */
} farewell;

static const struct config_row farewell_config[] = {
    {CONFIG_NUMBER(INTEGER, "shutdown-timeout", timeout_s, "10", 0, INT_MAX)},
    {.name = NULL},
};

/* Returns how many replicas have not yet all that was written. */
static int lagging(int *replicas)
{
    int behind = 0;
    *replicas = 0;
    for (const struct replica *r = primary.replicas; r; r = r->next) {
        if (r->client->flags & CLIENT_FILE_ONLY)
            continue;
        ++*replicas;
        behind += r->ack_offset != backlog.offset;
    }
    return behind;
}

static bool is_ready(void)
{
    int replicas;
    return lagging(&replicas) == 0;
}

/* The server goes on: replies to a client that has waited for its end. */
static void reply_failed(struct client *c)
{
    reply_error(c, ERR_SHUTDOWN);
}

/* Ends the wait; writes go on. */
static void go_on(void)
{
    farewell.is_underway = false;
    pause_writes(PAUSE_SHUTDOWN, false);
    for (struct client *c = client_first(); c; c = c->next) {
        const struct waiter *waiter = waiter_of(c);
        if (waiter && waiter->args.give_up == reply_failed) {
            reply_failed(c);
            wait_end(c);
        }
    }
}

/* Called in each turn. */
static void check(void)
{
    if (!farewell.is_underway ||
        !(is_ready() || monotonic_ms() >= farewell.end_ms))
        return;
    int replicas, behind = lagging(&replicas);
    log_write(behind ? LOG_WARNING : LOG_NOTICE,
              "%d of %d replicas are in sync when shutting down.",
              replicas - behind, replicas);
    if (!shutdown_finish(farewell.flags))
        go_on();
    farewell.is_underway = false;
}

/* A timer, without which no turn might come when the time is over. */
static int64_t tick(void *owner)
{
    (void)owner;
    return farewell.is_underway ? CHECK_MS : TIMER_ENDS;
}

/* Begins to wait, if there is a reason; a shutdown that waits already is not
 * begun again. Returns false without one. */
static bool begin_waiting(unsigned flags)
{
    if (farewell.is_underway)
        return true;
    if (flags & SHUTDOWN_NOW || !timeout_s || is_ready())
        return false;
    log_write(LOG_NOTICE, "Waiting for replicas before shutting down.");
    farewell.is_underway = true;
    farewell.flags = flags;
    farewell.end_ms = monotonic_ms() + timeout_s * 1000;
    pause_writes(PAUSE_SHUTDOWN, true);
    timer_start(CHECK_MS, tick, NULL);
    return true;
}

/* SHUTDOWN: the client waits, too. */
static bool begin(struct client *c, unsigned flags)
{
    const struct wait_args args = {.type = TYPE_STRING,
                                   .give_up = reply_failed};
    if (!begin_waiting(flags))
        return false;
    wait_for_keys(c, &args);
    return true;
}

/* SHUTDOWN ABORT */
static bool abort_waiting(void)
{
    if (!farewell.is_underway)
        return false;
    log_write(LOG_NOTICE, "Shutdown manually aborted.");
    go_on();
    return true;
}

/* A signal is a SHUTDOWN without options. */
static bool end_at_signal(void)
{
    return !begin_waiting(0) && shutdown_finish(0);
}

static void append_server(struct buffer *out)
{
    if (farewell.is_underway)
        info_field(out, "shutdown_in_milliseconds",
                   farewell.end_ms - monotonic_ms());
}

static const struct shutdown_delay farewell_delay = {
    .begin = begin,
    .abort = abort_waiting,
};

void farewell_open(void)
{
    config_add(farewell_config);
    shutdown_delay_by(&farewell_delay);
    server_on_stop(end_at_signal);
    event_each_turn(check);
    info_extend("Server", append_server);
}
