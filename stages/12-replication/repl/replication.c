#include "repl/replication.h"

#include <limits.h>
#include <string.h>

#include "command/args.h"
#include "command/dispatch.h"
#include "command/errors.h"
#include "command/transaction.h"
#include "command/waiting.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/random.h"
#include "common/socket.h"
#include "net/connection.h"
#include "net/reply.h"
#include "net/timers.h"
#include "persist/snapshot.h"
#include "repl/link.h"
#include "store/keyspace.h"

enum { CRON_MS = 1000, BACKLOG_MIN_BYTES = 16 * 1024 };

struct replication replication;

static bool client_writes; /* the command that was checked last may do so */

bool is_replica(void)
{
    return link_up.host;
}

/* Whether the server may remove a key by itself. Who writes on a replica, where
 * that is allowed, must not find an old value in the way of the new one. */
static bool allow_removal(enum removal why)
{
    return !is_replica() || (why == REMOVAL_BY_LOOKUP && client_writes);
}

/* Replies with an error and returns false to a write on a replica: the data
 * would not be that of the primary any more. */
static bool check_writable(struct client *c)
{
    client_writes = transaction_flags(c) & CMD_WRITE;
    if (!client_writes || !is_replica() || !replication.is_read_only)
        return true;
    client_writes = false;
    reply_error(c, "READONLY You can't write against a read only replica.");
    return false;
}

/* Returns whether a command needs no data, so that old data does not matter. The
 * part of a name up to its subcommand counts. */
static bool is_without_data(const char *name)
{
    static const char *const names[] = {
        "acl",         "auth",         "client",       "command",
        "config",      "debug",        "discard",      "echo",
        "exec",        "failover",     "hello",        "info",
        "lastsave",    "latency",      "lolwut",       "monitor",
        "multi",       "psubscribe",   "publish",      "pubsub",
        "punsubscribe", "quit",        "replconf",     "replicaof",
        "reset",       "role",         "select",       "shutdown",
        "slaveof",     "slowlog",      "spublish",     "ssubscribe",
        "subscribe",   "sunsubscribe", "unsubscribe",  "unwatch",
        "watch",
    };
    size_t len = strcspn(name, "|");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strncmp(names[i], name, len) == 0 && names[i][len] == '\0')
            return true;
    }
    return false;
}

/* Replies with an error and returns false if the link is down and old data is
 * not to be served. */
static bool check_fresh(struct client *c)
{
    if (!is_replica() || link_up.state == LINK_CONNECTED ||
        replication.serves_stale || is_without_data(c->command->name))
        return true;
    reply_error(c, "MASTERDOWN Link with MASTER is down and "
                   "replica-serve-stale-data is set to 'no'.");
    return false;
}

/* A client that waits for a write would wait for ever on a replica. */
static void unblock_all(void)
{
    for (struct client *c = client_first(); c; c = c->next) {
        if (!waiter_of(c))
            continue;
        reply_error(c, "UNBLOCKED force unblock from blocking operation, "
                       "instance state changed (master -> replica?)");
        c->flags |= CLIENT_CLOSE_AFTER_REPLY;
        wait_end(c);
    }
}

void replication_follow(struct slice host, int64_t port)
{
    if (!is_replica())
        link_up.has_history = true; /* the place in our own */
    link_begin(host, port);
    unblock_all();
    log_settings.role = 'S';
    link_cron(primary.timeout_s);
}

/* Our replicas have to learn the new ID, so they come again. */
void replication_promote(void)
{
    char id[HISTORY_ID_LEN + 1];
    link_end();
    random_hex(id, HISTORY_ID_LEN);
    history_fork(id);
    primary_drop_replicas();
    primary.db = -1;
    log_settings.role = 'M';
}

/* REPLICAOF host port
 * REPLICAOF NO ONE */
static void replicaof_command(struct client *c)
{
    int64_t port;
    if (client_is_primary(c))
        return;
    if (client_is_replica(c)) {
        reply_error(c, "ERR Command is not valid when client is a replica.");
        return;
    }
    if (slice_is(c->argv[1], "no") && slice_is(c->argv[2], "one")) {
        if (is_replica())
            replication_promote();
        reply_ok(c);
        return;
    }
    if (!range_or_reply(c, c->argv[2], 0, 65535, &port,
                        "ERR Invalid master port"))
        return;
    if (is_replica() && slice_is(c->argv[1], link_up.host) &&
        port == link_up.port) {
        reply_simple(c, "OK Already connected to specified master");
        return;
    }
    replication_follow(c->argv[1], port);
    reply_ok(c);
}

bool may_follow_or_reply(struct client *c)
{
    const char *error = NULL;
    if (c->flags & CLIENT_DENY_BLOCKING)
        error = "ERR Command not allowed inside a transaction";
    else if (is_replica() && link_up.state != LINK_CONNECTED)
        error = "NOMASTERLINK Can't SYNC while not connected with my master";
    else if (c->output.pending > 0)
        error = "ERR SYNC and PSYNC are invalid with pending output";
    if (error)
        reply_error(c, error);
    return !error;
}

/* PSYNC id offset: the offset is that of the first byte that the replica does
 * not have, counted from 1. */
static void psync_command(struct client *c)
{
    int64_t offset;
    if (client_is_replica(c) || !may_follow_or_reply(c) ||
        !integer_or_reply(c, c->argv[2], &offset))
        return;
    if (offset < 1 || !primary_continue(c, c->argv[1], offset - 1))
        primary_sync(c);
}

/* Notes one option. Replies with an error and returns false if it is invalid. */
static bool option_or_reply(struct client *c, struct slice name,
                            struct slice value)
{
    int64_t number;
    struct replica *r = replica_open(c);
    if (slice_is(name, "listening-port"))
        return integer_or_reply(c, value, &r->port);
    if (slice_is(name, "capa")) {
        r->has_psync2 |= slice_is(value, "psync2");
        return true;
    }
    if (slice_is(name, "rdb-only")) {
        if (!range_or_reply(c, value, 0, 1, &number,
                            "ERR value is out of range"))
            return false;
        r->wants_file_only = number;
        return true;
    }
    if (!slice_is(name, "ip-address")) {
        reply_errorf(c, "ERR Unrecognized REPLCONF option: %.*s",
                     slice_precision(name), name.ptr);
        return false;
    }
    if (value.len >= sizeof r->ip) {
        reply_errorf(c,
                     "ERR REPLCONF ip-address provided by replica instance is "
                     "too long: %zu bytes",
                     value.len);
        return false;
    }
    memcpy(r->ip, value.ptr, value.len);
    r->ip[value.len] = '\0';
    return true;
}

/* REPLCONF option value [option value ...]
 *
 * ACK and GETACK are not replied to: they are part of the stream. */
static void replconf_command(struct client *c)
{
    int64_t offset;
    if (c->argc % 2 == 0) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    for (int i = 1; i < c->argc; i += 2) {
        if (slice_is(c->argv[i], "ack")) {
            if (client_is_replica(c) && parse_int64(c->argv[i + 1], &offset))
                primary_note_ack(c, offset);
            return;
        }
        if (slice_is(c->argv[i], "getack")) {
            link_send_ack();
            return;
        }
        if (!option_or_reply(c, c->argv[i], c->argv[i + 1]))
            return;
    }
    reply_ok(c);
}

/* The address without the port, and that of IPv6 without its brackets. */
void replica_append_ip(const struct replica *r, struct buffer *out)
{
    struct buffer peer = {0};
    if (*r->ip) {
        buffer_append_text(out, r->ip);
        return;
    }
    socket_append_peer(r->client->fd, &peer);
    while (peer.data[--peer.len] != ':')
        continue;
    bool has_brackets = peer.data[0] == '[';
    buffer_append(out, peer.data + has_brackets, peer.len - 2 * has_brackets);
    buffer_free(&peer);
}

static void reply_number_text(struct client *c, int64_t number)
{
    char text[INT64_TEXT_MAX];
    reply_bulk(c, (struct slice){text, format_int64(text, number)});
}

/* What ROLE tells of a primary: its replicas. */
static void reply_primary_role(struct client *c)
{
    size_t count = 0;
    reply_array(c, 3);
    reply_bulk_text(c, "master");
    reply_integer(c, backlog.offset);
    struct output_block *begun = reply_begin(c);
    for (const struct replica *r = primary.replicas; r; r = r->next) {
        struct buffer ip = {0};
        if (r->state != REPLICA_ONLINE)
            continue;
        replica_append_ip(r, &ip);
        reply_array(c, 3);
        reply_bulk(c, buffer_slice(&ip));
        reply_number_text(c, r->port);
        reply_number_text(c, r->ack_offset);
        buffer_free(&ip);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* ROLE */
static void role_command(struct client *c)
{
    static const char *const states[] = {
        [LINK_NONE] = "none",           [LINK_CONNECT] = "connect",
        [LINK_CONNECTING] = "connecting", [LINK_HANDSHAKE] = "handshake",
        [LINK_TRANSFER] = "sync",       [LINK_CONNECTED] = "connected",
    };
    if (!is_replica()) {
        reply_primary_role(c);
        return;
    }
    bool is_connected = link_up.state == LINK_CONNECTED;
    reply_array(c, 5);
    reply_bulk_text(c, "slave");
    reply_bulk_text(c, link_up.host);
    reply_integer(c, link_up.port);
    reply_bulk_text(c, states[link_up.state]);
    reply_integer(c, is_connected ? backlog.offset : -1);
}

const struct command replication_commands[] = {
    {.name = "replicaof", .arity = 3, .handler = replicaof_command},
    {.name = "psync", .arity = -3, .handler = psync_command},
    {.name = "replconf", .arity = -1, .handler = replconf_command},
    {.name = "role", .arity = 1, .handler = role_command},
    {.name = NULL},
};

/* replicaof host port, replicaof no one */
static bool set_primary(const struct slice *words, int count,
                        const char **error)
{
    int64_t port;
    if (count != 2)
        return config_fail(error, "wrong number of arguments");
    if (slice_is(words[0], "no") && slice_is(words[1], "one")) {
        link_end();
        return true;
    }
    if (!parse_int64(words[1], &port) || port < 0 || port > 65535)
        return config_fail(error, "Invalid master port");
    link_begin(words[0], port);
    return true;
}

static void get_primary(struct buffer *out)
{
    if (is_replica())
        buffer_printf(out, "%s %lld", link_up.host, (long long)link_up.port);
}

static void rewrite_primary(struct buffer *out)
{
    if (is_replica())
        buffer_printf(out, "replicaof %s %lld\n", link_up.host,
                      (long long)link_up.port);
}

static bool apply_backlog_size(const char **error)
{
    (void)error;
    if (backlog.size < BACKLOG_MIN_BYTES)
        backlog.size = BACKLOG_MIN_BYTES;
    backlog_trim();
    return true;
}

const struct config_row replication_config[] = {
    {.name = "replicaof",
     .alias = "slaveof",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS | CONFIG_IMMUTABLE,
     .set = set_primary,
     .get = get_primary,
     .rewrite = rewrite_primary},
    {CONFIG_VALUE(BOOL, "replica-read-only", replication.is_read_only, "yes"),
     .alias = "slave-read-only"},
    {CONFIG_VALUE(BOOL, "replica-serve-stale-data", replication.serves_stale,
                  "yes"),
     .alias = "slave-serve-stale-data"},
    {CONFIG_NUMBER(INTEGER, "replica-announce-port", link_up.announced_port,
                   "0", 0, 65535),
     .alias = "slave-announce-port"},
    {CONFIG_VALUE(TEXT, "replica-announce-ip", link_up.announced_ip, ""),
     .alias = "slave-announce-ip"},
    {CONFIG_NUMBER(INTEGER, "repl-timeout", primary.timeout_s, "60", 1,
                   INT_MAX)},
    {CONFIG_NUMBER(INTEGER, "repl-ping-replica-period", primary.ping_period_s,
                   "10", 1, INT_MAX),
     .alias = "repl-ping-slave-period"},
    {CONFIG_NUMBER(BYTES, "repl-backlog-size", backlog.size, "1mb", 1,
                   INT64_MAX),
     .apply = apply_backlog_size},
    {CONFIG_NUMBER(INTEGER, "repl-backlog-ttl", primary.backlog_ttl_s, "3600",
                   0, INT64_MAX)},
    {.name = NULL},
};

/* Says in a snapshot where in the stream its data is. */
static void save_position(struct rdb_writer *w)
{
    char text[INT64_TEXT_MAX];
    int64_t db = primary.db > 0 ? primary.db : 0;
    if (!backlog.first)
        return;
    if (is_replica())
        db = link_up.client ? link_up.client->db->id : link_up.db;
    rdb_save_fact(w, "repl-stream-db",
                  (struct slice){text, format_int64(text, db)});
    rdb_save_fact(w, "repl-id", slice_of(backlog.id));
    rdb_save_fact(w, "repl-offset",
                  (struct slice){text, format_int64(text, backlog.offset)});
}

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
    wait_open();
    rdb_save_position = save_position;
    keyspace_allow_removal(allow_removal);
    dispatch_check(CHECK_WRITABLE, check_writable);
    dispatch_check(CHECK_FRESH, check_fresh);
}

/* A replica goes on where its data ends. A primary has begun a history since, but
 * its replicas may go on from there. */
void replication_start(void)
{
    const char *error;
    const struct rdb_load *load = &snapshot.load;
    apply_backlog_size(&error);
    if (is_replica())
        log_settings.role = 'S';
    if (!snapshot.has_log && strlen(load->history_id) == HISTORY_ID_LEN) {
        backlog.offset = load->stream_offset;
        if (is_replica()) {
            memcpy(backlog.id, load->history_id, sizeof backlog.id);
            link_up.db = (int)load->stream_db;
            link_up.has_history = true;
        } else {
            memcpy(backlog.id2, load->history_id, sizeof backlog.id2);
            backlog.id2_offset = backlog.offset + 1;
        }
        backlog_open();
    }
    primary.alone_since_ms = monotonic_ms();
    timer_start(0, cron, NULL);
}

void replication_close(void)
{
    link_close();
    backlog_close();
}
