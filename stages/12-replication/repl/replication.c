#include "repl/replication.h"

#include <limits.h>

#include "command/args.h"
#include "command/dispatch.h"
#include "command/errors.h"
#include "command/transaction.h"
#include "command/waiting.h"
#include "common/clock.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/reply.h"
#include "net/timers.h"
#include "persist/rdb.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "store/keyspace.h"

enum { CRON_MS = 1000 };

static bool is_read_only; /* as a replica */

/* Returns whether the server may remove a key by itself. A client that may
 * write on a replica must not find an old value in the way of the new one. */
static bool allow_removal(enum removal why)
{
    return !link_up.host || (why == REMOVAL_BY_LOOKUP && !is_read_only);
}

/* Replies with an error and returns false to a write on a replica: the data
 * would not be that of the primary any more. */
static bool check_writable(struct client *c)
{
    if (!link_up.host || !is_read_only || !(transaction_flags(c) & CMD_WRITE))
        return true;
    reply_error(c, "READONLY You can't write against a read only replica.");
    return false;
}

/* A client that waits for a write would wait forever on a replica. */
static void unblock_all(void)
{
    for (struct client *c = client_first(); c; c = c->next) {
        if (waiter_of(c)) {
            reply_error(c, "UNBLOCKED force unblock from blocking operation, "
                           "instance state changed (master -> replica?)");
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
            wait_end(c);
        }
    }
}

/* A primary has a place in its own history. The replicas of one that is
 * promoted have to learn the new ID, so they come again. */
void replication_follow(struct slice host, int64_t port)
{
    link_up.has_history |= !link_up.host;
    link_follow(host, port);
    if (host.ptr) {
        unblock_all();
        link_cron(primary.timeout_s);
        return;
    }
    history_fork();
    primary_drop_replicas();
    rdb_stream_db = -1;
}

/* REPLICAOF host port
 * REPLICAOF NO ONE */
static void replicaof_command(struct client *c)
{
    int64_t port;
    if (c == link_up.client || replica_of(c)->state != REPLICA_NONE) {
        reply_error(c, "ERR Command is not valid when client is a replica.");
        return;
    }
    if (slice_is(c->argv[1], "no") && slice_is(c->argv[2], "one")) {
        if (link_up.host)
            replication_follow((struct slice){0}, 0);
        reply_ok(c);
    } else if (!parse_int64(c->argv[2], &port) || port < 0 || port > 65535) {
        reply_error(c, "ERR Invalid master port");
    } else if (link_up.host && slice_is(c->argv[1], link_up.host) &&
               port == link_up.port) {
        reply_simple(c, "OK Already connected to specified master");
    } else {
        replication_follow(c->argv[1], port);
        reply_ok(c);
    }
}

/* PSYNC id offset: the offset is that of the first byte that the replica does
 * not have, counted from 1. */
static void psync_command(struct client *c)
{
    int64_t offset;
    if (replica_of(c)->state != REPLICA_NONE || c == link_up.client)
        return;
    if (link_up.host && !link_up.client)
        reply_error(c, "NOMASTERLINK Can't SYNC while not connected with my "
                       "master");
    else if (integer_or_reply(c, c->argv[2], &offset) &&
             !(offset > 0 && primary_continue(c, c->argv[1], offset - 1)))
        primary_sync(c);
}

/* Notes what a replica says of itself. Replies with an error and returns false
 * if the option is unknown or its value invalid. */
static bool option_or_reply(struct client *c, struct slice name,
                            struct slice value)
{
    struct replica *r = replica_of(c);
    if (slice_is(name, "listening-port"))
        return integer_or_reply(c, value, &r->port);
    if (slice_is(name, "ip-address")) {
        zfree(r->ip);
        r->ip = slice_dup(value);
    } else if (slice_is(name, "capa")) {
        r->has_psync2 |= slice_is(value, "psync2");
    } else if (!slice_is(name, "rdb-only")) {
        reply_errorf(c, "ERR Unrecognized REPLCONF option: %.*s",
                     slice_precision(name), name.ptr);
        return false;
    }
    return true;
}

/* Notes how far a replica is. It never goes back. */
static void note_ack(struct replica *r, struct slice arg)
{
    int64_t offset;
    if (r->state == REPLICA_NONE || !parse_int64(arg, &offset))
        return;
    if (offset > r->ack_offset)
        r->ack_offset = offset;
    r->ack_ms = monotonic_ms();
    wait_serve();
}

/* REPLCONF option value [option value ...]
 *
 * ACK and GETACK are not replied to: they are part of the stream. */
static void replconf_command(struct client *c)
{
    if (c->argc % 2 == 0) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    for (int i = 1; i < c->argc; i += 2) {
        if (slice_is(c->argv[i], "ack"))
            note_ack(replica_of(c), c->argv[i + 1]);
        else if (slice_is(c->argv[i], "getack"))
            link_send_ack();
        else if (option_or_reply(c, c->argv[i], c->argv[i + 1]))
            continue;
        return;
    }
    reply_ok(c);
}

/* What ROLE tells of a primary: its replicas. */
static void reply_primary_role(struct client *c)
{
    char text[INT64_TEXT_MAX];
    reply_array(c, 3);
    reply_bulk_text(c, "master");
    reply_integer(c, backlog.offset);
    reply_array(c, (size_t)primary_count_acks(INT64_MIN));
    for (const struct replica *r = primary.replicas; r; r = r->next) {
        if (r->state != REPLICA_ONLINE)
            continue;
        reply_array(c, 3);
        reply_bulk_text(c, r->ip);
        reply_bulk(c, (struct slice){text, format_int64(text, r->port)});
        reply_bulk(c, (struct slice){text, format_int64(text, r->ack_offset)});
    }
}

/* ROLE */
static void role_command(struct client *c)
{
    static const char *const states[] = {"none",      "connect", "connecting",
                                         "handshake", "sync",    "connected"};
    if (!link_up.host) {
        reply_primary_role(c);
        return;
    }
    reply_array(c, 5);
    reply_bulk_text(c, "slave");
    reply_bulk_text(c, link_up.host);
    reply_integer(c, link_up.port);
    reply_bulk_text(c, states[link_up.state]);
    reply_integer(c, link_up.client ? backlog.offset : -1);
}

const struct command replication_commands[] = {
    {.name = "replicaof", .arity = 3, .handler = replicaof_command},
    {.name = "psync", .arity = -3, .handler = psync_command},
    {.name = "replconf", .arity = -1, .handler = replconf_command},
    {.name = "role", .arity = 1, .handler = role_command},
    {.name = "wait", .arity = 3, .handler = wait_command},
    {.name = NULL},
};

/* replicaof host port, replicaof no one */
static bool set_primary(const struct slice *words, int count,
                        const char **error)
{
    int64_t port = 0;
    if (count != 2)
        return config_fail(error, "wrong number of arguments");
    bool follows = !(slice_is(words[0], "no") && slice_is(words[1], "one"));
    if (follows && (!parse_int64(words[1], &port) || port < 0 || port > 65535))
        return config_fail(error, "Invalid master port");
    link_follow(follows ? words[0] : (struct slice){0}, port);
    return true;
}

static void get_primary(struct buffer *out)
{
    if (link_up.host)
        buffer_printf(out, "%s %lld", link_up.host, (long long)link_up.port);
}

const struct config_row replication_config[] = {
    {.name = "replicaof",
     .alias = "slaveof",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS | CONFIG_IMMUTABLE,
     .set = set_primary,
     .get = get_primary},
    {CONFIG_VALUE(BOOL, "replica-read-only", is_read_only, "yes"),
     .alias = "slave-read-only"},
    {CONFIG_NUMBER(INTEGER, "repl-timeout", primary.timeout_s, "60", 1,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "repl-ping-replica-period", primary.ping_period_s,
                   "10", 1, INT_MAX),
     .alias = "repl-ping-slave-period"},
    {CONFIG_NUMBER(BYTES, "repl-backlog-size", backlog.size, "1mb", 1,
                   INT64_MAX)},
    {.name = NULL},
};

/* A timer. */
static int64_t cron(void *owner)
{
    (void)owner;
    link_cron(primary.timeout_s);
    primary_cron();
    return CRON_MS;
}

void replication_open(void)
{
    history_begin();
    link_open();
    primary_open();
    keyspace_allow_removal(allow_removal);
    dispatch_check(CHECK_WRITABLE, check_writable);
}

void replication_start(void)
{
    timer_start(0, cron, NULL);
}

void replication_close(void)
{
    link_follow((struct slice){NULL, 0}, 0);
    backlog_close();
}
