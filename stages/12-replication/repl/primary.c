/* A replica goes through these states:
 *
 *   WAITS     another child is at work                        "\n" now and then
 *   SAVING    a child saves                                   "\n" now and then
 *               +FULLRESYNC <id> <offset at the fork>
 *   RECEIVES  $<length> and the file, without a line ending
 *   ONLINE    the stream from that offset on
 *
 * The empty lines say that the server is still there. A child that saves writes
 * the same file as BGSAVE does, and each replica opens it for itself: the next
 * save gives the name to another file, which leaves this one as it is. */
#include "repl/primary.h"

#include "command/call.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/socket.h"
#include "common/zmalloc.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"

enum { TURN_BYTES = 1024 * 1024 }; /* sent to one replica in one turn */

struct primary primary = {.lag_max_bytes = 256 * 1024 * 1024};

static size_t replica_at; /* in every client */

struct replica *replica_of(const struct client *c)
{
    return (struct replica *)((char *)c + replica_at);
}

/* Adds a replica to those that follow. */
static struct replica *follow(struct client *c, enum replica_state state)
{
    struct replica *r = replica_of(c), **link = &primary.replicas;
    while (*link)
        link = &(*link)->next;
    *link = r;
    r->client = c;
    if (!r->ip)
        r->ip = socket_peer_ip(c->fd);
    r->state = state;
    r->ack_ms = monotonic_ms();
    c->flags |= CLIENT_FED | CLIENT_MAY_IDLE;
    c->output.limit = NULL;
    return r;
}

/* Called before a client is freed. */
static void forget(struct client *c)
{
    struct replica *r = replica_of(c), **link = &primary.replicas;
    while (*link && *link != r)
        link = &(*link)->next;
    if (*link)
        *link = r->next;
    if (r->state == REPLICA_RECEIVES)
        file_unmap(r->file);
    if (r->reader.block)
        r->reader.block->readers--;
    zfree(r->ip);
}

void primary_drop_replicas(void)
{
    while (primary.replicas)
        client_free(primary.replicas->client);
}

void primary_append(const void *bytes, size_t len)
{
    if (!backlog.first)
        return;
    backlog_append(bytes, len);
    for (struct replica *r = primary.replicas; r; r = r->next) {
        if (r->state == REPLICA_ONLINE)
            connection_queue_flush(r->client);
    }
}

/* Appends a command, unless the stream is that of another server. */
static void append(int argc, const struct slice *argv)
{
    struct buffer bytes = {0};
    if (!backlog.first || backlog.is_copy)
        return;
    append_command(&bytes, argc, argv);
    primary_append(bytes.data, bytes.len);
    buffer_free(&bytes);
}

void primary_append_effect(int db, int argc, const struct slice *argv)
{
    char text[INT64_TEXT_MAX];
    if (!backlog.first || backlog.is_copy)
        return;
    const struct slice select[] = {SLICE("SELECT"),
                                   {text, format_int64(text, db)}};
    if (db != rdb_stream_db)
        append(2, select);
    rdb_stream_db = db;
    append(argc, argv);
}

/* Called after each command. */
static void note_call(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    replica_of(c)->written = backlog.offset;
}

/* Appends the next bytes of the file to what is sent to a replica. */
static bool feed_file(struct replica *r)
{
    size_t count = r->file.len - r->file_sent;
    if (count > TURN_BYTES)
        count = TURN_BYTES;
    output_append(&r->client->output, r->file.ptr + r->file_sent, count);
    r->file_sent += count;
    if (r->file_sent == r->file.len) {
        file_unmap(r->file);
        r->state = REPLICA_ONLINE;
        r->ack_ms = monotonic_ms();
    }
    return true;
}

/* Appends the next bytes of the stream. */
static bool feed_stream(struct replica *r)
{
    struct slice bytes = backlog_read(&r->reader);
    for (size_t fed = 0; bytes.len > 0 && fed < TURN_BYTES; fed += bytes.len) {
        output_append(&r->client->output, bytes.ptr, bytes.len);
        r->reader.offset += (int64_t)bytes.len;
        bytes = backlog_read(&r->reader);
    }
    return bytes.len > 0;
}

/* Is called before a replica's output is sent. What it still has goes first. */
static bool feed(struct client *c)
{
    struct replica *r = replica_of(c);
    if (r->state < REPLICA_RECEIVES || c->output.pending > 0)
        return r->state >= REPLICA_RECEIVES;
    return r->state == REPLICA_RECEIVES ? feed_file(r) : feed_stream(r);
}

/* Names the history and the place in it from which a replica gets the stream.
 * That place is kept: it is the end, or another replica has not read it yet. */
static void begin_sync(struct replica *r, int64_t offset)
{
    struct buffer line = {0};
    backlog_join(&r->reader, offset);
    r->state = REPLICA_SAVING;
    if (r->is_old)
        return;
    buffer_printf(&line, "FULLRESYNC %s %lld", backlog.id, (long long)offset);
    reply_line(r->client, '+', buffer_slice(&line));
    connection_queue_flush(r->client);
    buffer_free(&line);
}

/* Begins to save for all that wait for it, if no other child is at work.
 * Replicas begin with database 0. */
static void begin_saving(void)
{
    struct replica *r = primary.replicas;
    while (r && r->state != REPLICA_WAITS)
        r = r->next;
    if (!r || snapshot.child || snapshot.has_to_wait || !snapshot_begin())
        return;
    for (; r; r = r->next) {
        if (r->state == REPLICA_WAITS)
            begin_sync(r, backlog.offset);
    }
    if (!backlog.is_copy)
        rdb_stream_db = -1;
}

void primary_sync(struct client *c)
{
    const struct replica *other = primary.replicas;
    while (other && other->state != REPLICA_SAVING)
        other = other->next;
    struct replica *r = follow(c, REPLICA_WAITS);
    if (!backlog.first) {
        history_begin();
        backlog_extend();
    }
    if (other)
        begin_sync(r, other->reader.offset);
    else
        begin_saving();
}

bool primary_continue(struct client *c, struct slice id, int64_t offset)
{
    struct stream_reader reader;
    if (!history_has(id, offset) || !backlog_join(&reader, offset))
        return false;
    struct replica *r = follow(c, REPLICA_ONLINE);
    r->reader = reader;
    struct buffer line = {0};
    buffer_printf(&line, "CONTINUE%s%s", r->has_psync2 ? " " : "",
                  r->has_psync2 ? backlog.id : "");
    reply_line(c, '+', buffer_slice(&line));
    buffer_free(&line);
    return true;
}

/* Called when a save has ended: replicas that have waited are sent the file.
 * One that no child has written is of a later place in the stream than theirs,
 * so they are closed: at the end of the turn, because the client whose command
 * has saved may be one of them. */
static void note_saved(bool done)
{
    for (struct replica *r = primary.replicas; r; r = r->next) {
        if (r->state != REPLICA_SAVING)
            continue;
        if (done && snapshot.child && file_map(snapshot_path(), &r->file)) {
            r->state = REPLICA_RECEIVES;
            reply_header(r->client, '$', (int64_t)r->file.len);
        } else {
            r->client->flags |= CLIENT_CLOSE_AFTER_REPLY;
        }
        connection_queue_flush(r->client);
    }
}

int primary_count_acks(int64_t offset)
{
    int count = 0;
    for (const struct replica *r = primary.replicas; r; r = r->next)
        count += r->state == REPLICA_ONLINE && r->ack_offset >= offset;
    return count;
}

/* Called in each turn. One question is enough for all clients that wait. */
static void ask_acks(void)
{
    const struct slice getack[] = {SLICE("REPLCONF"), SLICE("GETACK"),
                                   SLICE("*")};
    if (primary.wants_acks)
        append(3, getack);
    primary.wants_acks = false;
}

/* Returns whether a replica is to be dropped: it is silent, or so far behind
 * that it would fill the memory, or the child that saved for it was stopped. */
static bool is_lost(const struct replica *r)
{
    return (r->state == REPLICA_SAVING && !snapshot.child) ||
           (r->reader.block &&
            backlog.offset - r->reader.offset > primary.lag_max_bytes) ||
           (r->state == REPLICA_ONLINE && !r->is_old &&
            monotonic_ms() - r->ack_ms > primary.timeout_s * 1000);
}

void primary_cron(void)
{
    static int64_t seconds;
    const struct slice ping = SLICE("PING");
    if (primary.replicas && ++seconds % primary.ping_period_s == 0)
        append(1, &ping);
    begin_saving();
    for (struct replica *r = primary.replicas, *next; r; r = next) {
        next = r->next;
        if (is_lost(r)) {
            log_write(LOG_WARNING, "Disconnecting replica %s", r->ip);
            client_free(r->client);
        } else if (r->state < REPLICA_RECEIVES) {
            output_append(&r->client->output, "\n", 1);
            connection_queue_flush(r->client);
        }
    }
}

void primary_open(void)
{
    replica_at = client_reserve(sizeof(struct replica));
    client_on_free(forget);
    connection_feed_by(feed);
    propagate_to(primary_append_effect);
    call_observe(note_call);
    snapshot_on_end(note_saved);
    event_each_turn(ask_acks);
}
