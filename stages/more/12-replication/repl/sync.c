/* sync: adds SYNC, for replicas that know no history, and what PSYNC and
 * REPLCONF can do besides.
 *
 *   SYNC                    $<length> and a snapshot, then the stream; no ACKs
 *   PSYNC id n FAILOVER     from our primary, which has become our replica
 *   REPLCONF rdb-only 1     a snapshot, and no stream
 *
 * A replica that causes a reply is dropped. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "command/args.h"
#include "common/config.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/quote.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/net/extension.h"
#include "more/02-keyspace/command/monitor.h"
#include "more/02-keyspace/command/stats.h"
#include "more/12-replication/repl/families.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "repl/replication.h"

enum { IP_MAX_BYTES = 255 };

struct sync_stats sync_stats;

static const struct command *lesson_psync, *lesson_replconf;
static bool collects_packets; /* the kernel does, for fewer, larger ones */

static const struct config_row sync_config[] = {
    {CONFIG_VALUE(BOOL, "repl-disable-tcp-nodelay", collects_packets, "no")},
    {.name = NULL},
};

/* Returns whether the client may not begin to follow, and gets no reply: it
 * gets the stream already, of effects or of MONITOR, or is the link to our
 * primary. */
static bool has_stream(const struct client *c)
{
    return replica_of(c)->state != REPLICA_NONE || c == link_up.client ||
           c->flags & CLIENT_MONITOR;
}

/* Replies with an error and returns false if the client cannot follow this
 * server now. */
static bool may_follow_or_reply(struct client *c)
{
    const char *error = NULL;
    if (failover_is_underway())
        error = "NOMASTERLINK Can't SYNC while failing over";
    else if (link_up.host && !link_up.client)
        error = "NOMASTERLINK Can't SYNC while not connected with my master";
    else if (c->output.pending > 0)
        error = "ERR SYNC and PSYNC are invalid with pending output";
    else if ((c->flags & (CLIENT_FILTERED | CLIENT_TAKES_MARK)) ==
             CLIENT_FILTERED)
        error = "ERR Filtered replica requires EOF capability";
    if (error)
        reply_error(c, error);
    return !error;
}

/* Counts how a sync has begun, if one has. A replica is never paused: what it
 * says may be what others wait for. */
static void note_sync(struct client *c, bool asked_for_part)
{
    int no = 0;
    enum replica_state state = replica_of(c)->state;
    if (state == REPLICA_NONE)
        return;
    sync_stats.partial += state == REPLICA_ONLINE;
    sync_stats.full += state != REPLICA_ONLINE;
    sync_stats.refused += state != REPLICA_ONLINE && asked_for_part;
    c->flags |= CLIENT_NEVER_PAUSED;
    if (collects_packets)
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &no, sizeof no);
}

/* SYNC */
static void sync_command(struct client *c)
{
    if (has_stream(c) || !may_follow_or_reply(c))
        return;
    replica_of(c)->is_old = true;
    primary_sync(c);
    note_sync(c, false);
}

/* The primary hands its role to this replica. Replies with an error and returns
 * false if the client is another server. */
static bool take_over_or_reply(struct client *c)
{
    const struct slice nobody = {NULL, 0};
    if (link_up.host && slice_is(c->argv[1], backlog.id)) {
        replication_follow(nobody, 0);
        log_write(LOG_NOTICE, "MASTER MODE enabled (failover request)");
        return true;
    }
    reply_error(c, link_up.host
                       ? "ERR PSYNC FAILOVER replid must match my replid."
                       : "ERR PSYNC FAILOVER can't be sent to a master.");
    return false;
}

/* PSYNC id offset [FAILOVER] */
static void psync_command(struct client *c)
{
    bool asks_for_part = c->argv[1].len == 0 || c->argv[1].ptr[0] != '?';
    if (has_stream(c) ||
        (c->argc > 3 && slice_is(c->argv[3], "failover") &&
         !take_over_or_reply(c)) ||
        !may_follow_or_reply(c))
        return;
    lesson_psync->handler(c);
    note_sync(c, asks_for_part);
}

/* REPLCONF rdb-only 0|1 */
static bool file_only_or_reply(struct client *c, struct slice value)
{
    int64_t only;
    if (!range_or_reply(c, value, 0, 1, &only,
                        "ERR value is out of range, value must between 0 and "
                        "1"))
        return false;
    c->flags &= ~(unsigned)CLIENT_FILE_ONLY;
    c->flags |= only ? CLIENT_FILE_ONLY : 0;
    return true;
}

/* REPLCONF rdb-filter-only words: there are no functions, and a snapshot always
 * has all data. */
static bool filter_or_reply(struct client *c, struct slice value)
{
    char *line = slice_dup(value);
    struct slice *words;
    int count = split_arguments(line, value.len, &words), known = 0;
    while (known < count && slice_is(words[known], "functions"))
        known++;
    if (count >= 0)
        c->flags |= CLIENT_FILTERED;
    if (count < 0)
        reply_error(c, "ERR Missing rdb-filter-only values");
    else if (known < count)
        reply_errorf(c, "ERR Unsupported rdb-filter-only option: %.*s",
                     slice_precision(words[known]), words[known].ptr);
    zfree(words);
    zfree(line);
    return known == count;
}

/* Returns whether the lesson goes on to the next option after this one. */
static bool is_accepted(struct slice name, struct slice value)
{
    int64_t port;
    return slice_is(name, "capa") || slice_is(name, "ip-address") ||
           (slice_is(name, "listening-port") && parse_int64(value, &port));
}

/* REPLCONF option value [option value ...]: the lesson gets those options that
 * it knows. */
static void replconf_command(struct client *c)
{
    int kept = 1, count = c->argc % 2 == 0 ? 0 : c->argc;
    for (int i = 1; i < count; i += 2) {
        struct slice value = c->argv[i + 1];
        if (slice_is(c->argv[i], "rdb-only")) {
            if (!file_only_or_reply(c, value))
                return;
            continue;
        }
        if (slice_is(c->argv[i], "rdb-filter-only")) {
            if (!filter_or_reply(c, value))
                return;
            continue;
        }
        if (slice_is(c->argv[i], "ip-address") && value.len > IP_MAX_BYTES) {
            reply_errorf(c,
                         "ERR REPLCONF ip-address provided by replica "
                         "instance is too long: %zu bytes",
                         value.len);
            return;
        }
        if (slice_is(c->argv[i], "capa") && slice_is(value, "eof"))
            c->flags |= CLIENT_TAKES_MARK;
        bool goes_on = is_accepted(c->argv[i], value);
        c->argv[kept++] = c->argv[i];
        c->argv[kept++] = value;
        if (!goes_on)
            break;
    }
    c->argc = count ? kept : c->argc;
    lesson_replconf->handler(c);
}

/* Called in each turn: ends the links of replicas that wanted a snapshot only,
 * and have it. */
static void end_files(void)
{
    for (struct replica *r = primary.replicas; r; r = r->next) {
        if (r->state == REPLICA_ONLINE && r->client->flags & CLIENT_FILE_ONLY) {
            r->client->flags |= CLIENT_CLOSE_AFTER_REPLY;
            connection_queue_flush(r->client);
        }
    }
}

/* Returns whether a command of a replica has no reply. */
static bool is_silent(const struct client *c)
{
    return slice_is(c->argv[0], "psync") || slice_is(c->argv[0], "sync") ||
           (slice_is(c->argv[0], "replconf") && c->argc > 1 &&
            (slice_is(c->argv[1], "ack") || slice_is(c->argv[1], "getack")));
}

/* Called after each command. A reply to a replica would be taken for a part of
 * the stream: a replica that causes one is dropped, and nothing more is sent.
 * */
static void drop_talker(struct client *c)
{
    if (replica_of(c)->state == REPLICA_NONE || is_silent(c))
        return;
    log_write(LOG_WARNING, "Replica generated a reply to command '%s'",
              c->command ? c->command->name : "unknown");
    output_free(&c->output);
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

static void reset_stats(void)
{
    sync_stats = (struct sync_stats){0};
}

static const struct command sync_commands[] = {
    {.name = "sync", .arity = 1, .handler = sync_command},
    {.name = "psync", .arity = -3, .handler = psync_command},
    {.name = "replconf", .arity = -1, .handler = replconf_command},
    {.name = NULL},
};

void sync_open(void)
{
    lesson_psync = command_find(SLICE("psync"));
    lesson_replconf = command_find(SLICE("replconf"));
    commands_add(sync_commands);
    config_add(sync_config);
    stats_on_reset(reset_stats);
    event_each_turn(end_files);
    connection_on_executed(drop_talker);
}
