/* failover: adds FAILOVER, which changes the roles of a primary and a replica
 * without losing a write.
 *
 *   NONE ---> WAITS ------------------> HANDS OVER ---------------> NONE
 *             writes are held back,     it follows the replica:
 *             until the replica has     PSYNC id offset FAILOVER
 *             all that was written
 *
 * The replica promotes itself when that PSYNC comes. If it refuses, or the time
 * is over before it has all, this server goes on as the primary, unless FORCE
 * says that it is to hand over all the same. */
#include <unistd.h>

#include "command/args.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/command/pause.h"
#include "more/12-replication/repl/families.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/timers.h"
#include "persist/aof_log.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "repl/replication.h"

enum { CHECK_MS = 100, STEP_PSYNC = 2, LAST_STEP = 3 };

static struct failover {
    enum { FAILOVER_NONE, FAILOVER_WAITS, FAILOVER_HANDS_OVER } state;
    char *host; /* of the replica; NULL: the first that has all */
    int64_t port;
    int64_t end_ms; /* on the monotonic clock; 0: there is no time limit */
    bool is_forced; /* at its end */
} failover;

bool failover_is_underway(void)
{
    return failover.state != FAILOVER_NONE;
}

const char *failover_state(void)
{
    static const char *const names[] = {
        [FAILOVER_NONE] = "no-failover",
        [FAILOVER_WAITS] = "waiting-for-sync",
        [FAILOVER_HANDS_OVER] = "failover-in-progress",
    };
    return names[failover.state];
}

/* Ends it, and lets writes go on. */
static void end(void)
{
    zfree(failover.host);
    failover = (struct failover){0};
    pause_writes(PAUSE_FAILOVER, false);
}

/* Gives it up: this server is the primary again. */
static void give_up(const char *reason)
{
    const struct slice nobody = {NULL, 0};
    log_write(LOG_NOTICE, "Failover aborted: %s", reason);
    if (failover.state == FAILOVER_HANDS_OVER)
        replication_follow(nobody, 0);
    end();
}

/* Returns the replica that is reached there, or NULL. */
static struct replica *find_replica(struct slice host, int64_t port)
{
    struct replica *r = primary.replicas;
    while (r && !(slice_is(host, r->ip) && port == r->port))
        r = r->next;
    return r;
}

/* Begins to follow the replica. */
static void hand_over(void)
{
    char *host = failover.host;
    log_write(LOG_NOTICE, "Failover target is synced, failing over.");
    failover.state = FAILOVER_HANDS_OVER;
    link_up.step = 0;
    replication_follow(slice_of(host), failover.port);
}

/* Returns a replica that has all that was written, among those that may get the
 * role; or NULL. */
static const struct replica *find_synced(void)
{
    for (const struct replica *r = primary.replicas; r; r = r->next) {
        bool is_target =
            !failover.host || (slice_is(slice_of(r->ip), failover.host) &&
                               r->port == failover.port);
        if (is_target && r->state == REPLICA_ONLINE &&
            r->ack_offset == backlog.offset)
            return r;
    }
    return NULL;
}

static void check_synced(void)
{
    const struct replica *r = find_synced();
    if (failover.end_ms && monotonic_ms() >= failover.end_ms) {
        if (failover.is_forced)
            hand_over();
        else
            give_up("Replica never caught up before timeout");
    } else if (r) {
        if (!failover.host) {
            failover.host = slice_dup(slice_of(r->ip));
            failover.port = r->port;
        }
        hand_over();
    }
}

/* Ends the handshake with the PSYNC that hands the role over. If it cannot be
 * sent, no reply will come either. */
static void send_psync(void)
{
    char offset[INT64_TEXT_MAX];
    struct buffer out = {0};
    struct slice next = {offset, format_int64(offset, backlog.offset + 1)};
    const struct slice argv[] = {SLICE("PSYNC"), slice_of(backlog.id), next,
                                 SLICE("FAILOVER")};
    append_command(&out, 4, argv);
    if (write(link_up.fd, out.data, out.len) != (ssize_t)out.len)
        log_write(LOG_WARNING, "Failover: PSYNC cannot be sent");
    buffer_free(&out);
    link_up.step = LAST_STEP;
}

/* Called in each turn. The reply to PSYNC decides; a connection that cannot be
 * made is tried again. */
static void check(void)
{
    if (failover.state == FAILOVER_WAITS)
        check_synced();
    else if (failover.state != FAILOVER_HANDS_OVER)
        return;
    else if (link_up.state == LINK_HANDSHAKE && link_up.step == STEP_PSYNC &&
             link_up.replies == 1)
        send_psync();
    else if (link_up.state >= LINK_TRANSFER)
        end();
    else if (link_up.state == LINK_CONNECT && link_up.step == LAST_STEP)
        give_up("Failover target rejected psync request");
}

/* A timer, without which no turn might come when the time is over. */
static int64_t tick(void *owner)
{
    (void)owner;
    return failover.state == FAILOVER_WAITS ? CHECK_MS : TIMER_ENDS;
}

/* What FAILOVER says. */
struct request {
    struct slice host; /* its pointer is NULL without TO */
    int64_t port, timeout_ms; /* 0: none */
    bool is_forced;
};

/* Parses the arguments. Replies with an error and returns false if they are
 * invalid. */
static bool request_or_reply(struct client *c, struct request *q)
{
    for (int i = 1; i < c->argc; i++) {
        int left = c->argc - 1 - i;
        if (slice_is(c->argv[i], "timeout") && left > 0 && !q->timeout_ms) {
            if (!integer_or_reply(c, c->argv[++i], &q->timeout_ms))
                return false;
            if (q->timeout_ms <= 0) {
                reply_error(c, "ERR FAILOVER timeout must be greater than 0");
                return false;
            }
        } else if (slice_is(c->argv[i], "to") && left > 1 && !q->host.ptr) {
            if (!integer_or_reply(c, c->argv[i + 2], &q->port))
                return false;
            q->host = c->argv[i + 1];
            i += 2;
        } else if (slice_is(c->argv[i], "force") && !q->is_forced) {
            q->is_forced = true;
        } else {
            reply_error(c, SYNTAX_ERROR);
            return false;
        }
    }
    return true;
}

/* Returns why there can be no failover as it is asked for, or NULL. */
static const char *objection_to(const struct request *q)
{
    const struct replica *target =
        q->host.ptr ? find_replica(q->host, q->port) : NULL;
    if (failover.state != FAILOVER_NONE)
        return "ERR FAILOVER already in progress.";
    if (link_up.host)
        return "ERR FAILOVER is not valid when server is a replica.";
    if (!primary.replicas)
        return "ERR FAILOVER requires connected replicas.";
    if (q->is_forced && (!q->timeout_ms || !q->host.ptr))
        return "ERR FAILOVER with force option requires both a timeout and "
               "target HOST and IP.";
    if (q->host.ptr && !target)
        return "ERR FAILOVER target HOST and PORT is not a replica.";
    if (target && target->state != REPLICA_ONLINE)
        return "ERR FAILOVER target replica is not online.";
    return NULL;
}

/* FAILOVER ABORT */
static void abort_or_reply(struct client *c)
{
    if (failover.state == FAILOVER_NONE) {
        reply_error(c, "ERR No failover in progress.");
        return;
    }
    /* To change the role back frees all replicas. */
    if (replica_of(c)->state != REPLICA_NONE) {
        reply_error(c, "ERR Command is not valid when client is a replica.");
        return;
    }
    give_up("Failover manually aborted");
    reply_ok(c);
}

/* FAILOVER [TO host port [FORCE]] [TIMEOUT milliseconds] */
static void failover_command(struct client *c)
{
    struct request q = {0};
    if (c->argc == 2 && slice_is(c->argv[1], "abort")) {
        abort_or_reply(c);
        return;
    }
    if (!request_or_reply(c, &q))
        return;
    const char *objection = objection_to(&q);
    if (objection) {
        reply_error(c, objection);
        return;
    }
    failover = (struct failover){
        .state = FAILOVER_WAITS,
        .host = q.host.ptr ? slice_dup(q.host) : NULL,
        .port = q.port,
        .end_ms = q.timeout_ms ? monotonic_ms() + q.timeout_ms : 0,
        .is_forced = q.is_forced,
    };
    log_write(LOG_NOTICE, "FAILOVER requested.");
    pause_writes(PAUSE_FAILOVER, true);
    timer_start(CHECK_MS, tick, NULL);
    reply_ok(c);
}

static const struct command failover_commands[] = {
    {.name = "failover", .arity = -1, .handler = failover_command},
    {.name = NULL},
};

void failover_open(void)
{
    commands_add(failover_commands);
    event_each_turn(check);
}
