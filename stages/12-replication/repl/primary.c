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

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/call.h"
#include "command/command.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"

enum {
    FILE_BYTES = 64 * 1024, /* read at once */
    TURN_BYTES = 1024 * 1024, /* sent to one replica in one turn */
};

struct primary primary = {
    .db = -1,
    .lag_max_bytes = 256 * 1024 * 1024,
};

/* What is kept for each client. */
struct peer {
    struct replica *replica; /* NULL: it never said that it is one */
    int64_t offset; /* of the stream after its last command */
};

static size_t peer_at; /* in every client */
static bool wants_acks; /* REPLCONF GETACK is to be sent in this turn */

static struct peer *peer_of(const struct client *c)
{
    return (struct peer *)((char *)c + peer_at);
}

struct replica *replica_of(const struct client *c)
{
    return peer_of(c)->replica;
}

int64_t primary_offset_of(const struct client *c)
{
    return peer_of(c)->offset;
}

bool client_is_replica(const struct client *c)
{
    const struct replica *r = replica_of(c);
    return r && r->state != REPLICA_NONE;
}

struct replica *replica_open(struct client *c)
{
    struct peer *peer = peer_of(c);
    if (!peer->replica) {
        peer->replica = zcalloc(1, sizeof *peer->replica);
        peer->replica->client = c;
        peer->replica->file = -1;
    }
    return peer->replica;
}

/* Adds a replica to those that follow. */
static struct replica *follow(struct client *c, enum replica_state state)
{
    struct replica *r = replica_open(c), **link = &primary.replicas;
    while (*link)
        link = &(*link)->next;
    *link = r;
    primary.count++;
    r->state = state;
    r->ack_ms = monotonic_ms();
    c->flags |= CLIENT_FED | CLIENT_MAY_IDLE;
    return r;
}

static void close_file(struct replica *r)
{
    if (r->file >= 0)
        close(r->file);
    r->file = -1;
}

/* Called before a client is freed. */
static void forget(struct client *c)
{
    struct replica *r = replica_of(c), **link = &primary.replicas;
    if (!r)
        return;
    while (*link && *link != r)
        link = &(*link)->next;
    if (*link) {
        *link = r->next;
        primary.count--;
        primary.alone_since_ms = monotonic_ms();
        log_write(LOG_NOTICE, "Connection with replica client id #%llu lost.",
                  (unsigned long long)c->id);
    }
    close_file(r);
    backlog_leave(&r->reader);
    zfree(r);
    peer_of(c)->replica = NULL;
}

void primary_drop_replicas(void)
{
    while (primary.replicas)
        client_free(primary.replicas->client);
}

/* A replica that cannot keep up would fill the memory. It may be the client
 * whose command is being executed, so it is closed at the end of the turn. */
void primary_append(const void *bytes, size_t len)
{
    if (!backlog.first)
        return;
    backlog_append(bytes, len);
    for (struct replica *r = primary.replicas; r; r = r->next) {
        int64_t lag = r->reader.block ? backlog.offset - r->reader.offset : 0;
        if (primary.lag_max_bytes && lag > primary.lag_max_bytes)
            r->client->output.over_limit = true;
        if (r->state == REPLICA_ONLINE || r->client->output.over_limit)
            connection_queue_flush(r->client);
    }
}

/* Appends a command to the stream of a server that follows nobody. */
static void append(int argc, const struct slice *argv)
{
    struct buffer bytes = {0};
    append_command(&bytes, argc, argv);
    primary_append(bytes.data, bytes.len);
    buffer_free(&bytes);
}

/* Appends what is propagated, after SELECT if it is in another database. */
static void append_effect(int db, int argc, const struct slice *argv)
{
    char text[INT64_TEXT_MAX];
    if (!backlog.first || backlog.is_copy)
        return;
    if (db != primary.db) {
        const struct slice select[] = {SLICE("SELECT"),
                                       {text, format_int64(text, db)}};
        append(2, select);
        primary.db = db;
    }
    append(argc, argv);
}

/* Called after each command. A message is no change, but subscribers of replicas
 * are to get it, too. */
static void note_call(struct client *c, int64_t duration_us)
{
    (void)duration_us;
    const char *name = c->command->name;
    if (backlog.first && !backlog.is_copy &&
        (strcmp(name, "publish") == 0 || strcmp(name, "spublish") == 0))
        propagate(c->db->id, c->argc, c->argv);
    peer_of(c)->offset = backlog.offset;
}

/* Sends the stream from the replica's place on. */
static enum output_status send_stream(struct replica *r)
{
    for (size_t sent = 0; sent < TURN_BYTES;) {
        struct slice bytes = backlog_read(&r->reader);
        if (bytes.len == 0)
            return OUTPUT_DONE;
        ssize_t count = write(r->client->fd, bytes.ptr, bytes.len);
        if (count < 0 && errno != EINTR)
            return errno == EAGAIN || errno == EWOULDBLOCK ? OUTPUT_BLOCKED
                                                           : OUTPUT_FAILED;
        if (count > 0) {
            r->reader.offset += count;
            sent += (size_t)count;
        }
    }
    return OUTPUT_BLOCKED;
}

/* The file is sent: the stream follows, unless it is not wanted. */
static void go_online(struct replica *r)
{
    close_file(r);
    r->state = REPLICA_ONLINE;
    r->ack_ms = monotonic_ms();
    if (r->wants_file_only)
        r->client->flags |= CLIENT_CLOSE_AFTER_REPLY;
    log_write(LOG_NOTICE, "Synchronization with replica client id #%llu "
                          "succeeded",
              (unsigned long long)r->client->id);
}

/* Sends the file from where it is on. What the socket does not take is read
 * again the next time. */
static enum output_status send_file(struct replica *r)
{
    static char bytes[FILE_BYTES];
    for (int64_t sent = 0; sent < TURN_BYTES;) {
        if (r->file_sent == r->file_size) {
            go_online(r);
            return OUTPUT_DONE;
        }
        ssize_t count = pread(r->file, bytes, sizeof bytes, r->file_sent);
        if (count <= 0)
            return OUTPUT_FAILED;
        count = write(r->client->fd, bytes, (size_t)count);
        if (count < 0 && errno != EINTR)
            return errno == EAGAIN || errno == EWOULDBLOCK ? OUTPUT_BLOCKED
                                                           : OUTPUT_FAILED;
        if (count > 0) {
            r->file_sent += count;
            sent += count;
        }
    }
    return OUTPUT_BLOCKED;
}

/* What is sent to a replica after its replies. */
static enum output_status feed(struct client *c)
{
    struct replica *r = replica_of(c);
    enum output_status status = OUTPUT_DONE;
    if (r->state == REPLICA_RECEIVES)
        status = send_file(r);
    if (r->state == REPLICA_ONLINE && status == OUTPUT_DONE &&
        !r->wants_file_only)
        status = send_stream(r);
    return status;
}

/* Names the history and the place in it from which a replica gets the stream. */
static void begin_sync(struct replica *r, int64_t offset)
{
    struct buffer line = {0};
    backlog_join(&r->reader, offset);
    r->state = REPLICA_SAVING;
    if (r->is_old)
        return;
    buffer_printf(&line, "+FULLRESYNC %s %lld\r\n", backlog.id,
                  (long long)offset);
    output_append(&r->client->output, line.data, line.len);
    connection_queue_flush(r->client);
    buffer_free(&line);
}

/* Begins to save for all that wait for it, if no other child is at work. */
static void begin_saving(void)
{
    if (snapshot.child || snapshot.has_to_wait)
        return;
    bool has_begun = snapshot_begin();
    for (struct replica *r = primary.replicas; r; r = r->next) {
        if (r->state != REPLICA_WAITS)
            continue;
        if (has_begun) {
            begin_sync(r, backlog.offset);
        } else {
            reply_error(r->client,
                        "ERR BGSAVE failed, replication can't continue");
            r->client->flags |= CLIENT_CLOSE_AFTER_REPLY;
            connection_queue_flush(r->client);
        }
    }
    if (has_begun && !backlog.is_copy)
        primary.db = -1; /* replicas begin with database 0 */
}

void primary_sync(struct client *c)
{
    struct replica *r = follow(c, REPLICA_WAITS);
    if (!backlog.first) {
        history_begin();
        backlog_open();
    }
    const struct replica *other = primary.replicas;
    while (other && other->state != REPLICA_SAVING)
        other = other->next;
    if (other)
        begin_sync(r, other->reader.offset);
    else
        begin_saving();
}

bool primary_continue(struct client *c, struct slice id, int64_t offset)
{
    struct stream_reader reader;
    struct buffer line = {0};
    if (!history_has(id, offset) || !backlog_join(&reader, offset))
        return false;
    struct replica *r = follow(c, REPLICA_ONLINE);
    r->reader = reader;
    buffer_printf(&line, "CONTINUE%s%s", r->has_psync2 ? " " : "",
                  r->has_psync2 ? backlog.id : "");
    reply_line(c, '+', buffer_slice(&line));
    buffer_free(&line);
    log_write(LOG_NOTICE,
              "Partial resynchronization request accepted. Sending %lld bytes "
              "of backlog starting from offset %lld.",
              (long long)(backlog.offset - offset), (long long)offset + 1);
    return true;
}

/* Begins to send the file. Returns false if it cannot be read. */
static bool begin_file(struct replica *r)
{
    struct stat status;
    struct buffer header = {0};
    r->file = open(snapshot_path(), O_RDONLY | O_CLOEXEC);
    if (r->file < 0 || fstat(r->file, &status) != 0)
        return false;
    r->file_size = status.st_size;
    r->state = REPLICA_RECEIVES;
    buffer_printf(&header, "$%lld\r\n", (long long)r->file_size);
    output_append(&r->client->output, header.data, header.len);
    buffer_free(&header);
    connection_queue_flush(r->client);
    return true;
}

/* Called when a save has ended. */
static void note_saved(bool done)
{
    for (struct replica *r = primary.replicas, *next; r; r = next) {
        next = r->next;
        if (r->state == REPLICA_SAVING && !(done && begin_file(r)))
            client_free(r->client);
    }
}

void primary_note_ack(struct client *c, int64_t offset)
{
    struct replica *r = replica_of(c);
    if (offset > r->ack_offset)
        r->ack_offset = offset;
    r->ack_ms = monotonic_ms();
    primary.has_new_acks = true;
}

void primary_ask_acks(void)
{
    wants_acks = true;
}

int primary_count_acks(int64_t offset)
{
    int count = 0;
    for (const struct replica *r = primary.replicas; r; r = r->next)
        count += r->state == REPLICA_ONLINE && r->ack_offset >= offset;
    return count;
}

/* Called in each turn. One question is enough for all who want to know. */
static void ask_acks(void)
{
    const struct slice getack[] = {SLICE("REPLCONF"), SLICE("GETACK"),
                                   SLICE("*")};
    if (wants_acks && !backlog.is_copy)
        append(3, getack);
    wants_acks = false;
}

/* Looks after one replica. A child that was stopped tells nobody: its replicas
 * have to ask again. */
static void check_replica(struct replica *r)
{
    bool is_silent = r->state == REPLICA_ONLINE && !r->is_old &&
                     monotonic_ms() - r->ack_ms > primary.timeout_s * 1000;
    if (is_silent || (r->state == REPLICA_SAVING && !snapshot.child)) {
        log_write(LOG_WARNING, "Disconnecting %s replica client id #%llu",
                  is_silent ? "timedout" : "unsaved",
                  (unsigned long long)r->client->id);
        client_free(r->client);
    } else if (r->state == REPLICA_WAITS || r->state == REPLICA_SAVING) {
        output_append(&r->client->output, "\n", 1);
        connection_queue_flush(r->client);
    }
}

void primary_cron(void)
{
    static int64_t seconds;
    const struct slice ping = SLICE("PING");
    bool has_waiting = false;
    if (primary.replicas && !backlog.is_copy &&
        seconds % primary.ping_period_s == 0)
        append(1, &ping);
    seconds++;
    for (struct replica *r = primary.replicas, *next; r; r = next) {
        next = r->next;
        has_waiting |= r->state == REPLICA_WAITS;
        check_replica(r);
    }
    if (has_waiting)
        begin_saving();
    if (!primary.replicas && backlog.first && !backlog.is_copy &&
        primary.backlog_ttl_s &&
        monotonic_ms() - primary.alone_since_ms > primary.backlog_ttl_s * 1000) {
        backlog_close();
        history_begin();
    }
}

void primary_open(void)
{
    peer_at = client_reserve(sizeof(struct peer));
    client_on_free(forget);
    connection_feed_by(feed);
    propagate_to(append_effect);
    call_observe(note_call);
    snapshot_on_end(note_saved);
    event_each_turn(ask_acks);
}
