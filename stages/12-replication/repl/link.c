#include "repl/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/call.h"
#include "command/dispatch.h"
#include "command/transaction.h"
#include "command/waiting.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/socket.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/settings.h"
#include "persist/aof.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"
#include "repl/primary.h"
#include "store/keyspace.h"

enum { READ_BYTES = 256 * 1024, LINE_MAX_BYTES = 256, STEPS = 3 };

struct link link_up = {.fd = -1, .file = -1};
int (*link_introduce)(struct buffer *out);
bool (*link_mark)(struct slice mark);

/* Closes the connection. The next is tried within a second; until then the
 * place in the history is kept, unless a snapshot has begun to replace the
 * data. */
static void disconnect(void)
{
    if (link_up.client)
        client_free(link_up.client);
    if (link_up.fd >= 0) {
        event_watch(link_up.fd, 0, NULL, NULL);
        close(link_up.fd);
    }
    if (link_up.file >= 0) {
        close(link_up.file);
        unlink(link_up.file_name);
    }
    link_up.fd = link_up.file = -1;
    buffer_free(&link_up.in);
    buffer_free(&link_up.begun);
    link_up.state = link_up.host ? LINK_CONNECT : LINK_NONE;
}

/* Called before a client is freed. If it is that of the link, its socket is
 * closed with it. */
static void forget(struct client *c)
{
    if (c != link_up.client)
        return;
    link_up.client = NULL;
    link_up.fd = -1;
    disconnect();
}

/* Gives this connection up, for a reason that the log tells. Returns false. */
static bool give_up(const char *reason)
{
    log_write(LOG_WARNING, "MASTER <-> REPLICA sync: %s", reason);
    disconnect();
    return false;
}

void link_send_ack(void)
{
    char text[INT64_TEXT_MAX];
    struct client *c = link_up.client;
    if (!c)
        return;
    c->output.muted = false;
    reply_array(c, 3);
    reply_bulk_text(c, "REPLCONF");
    reply_bulk_text(c, "ACK");
    reply_bulk(c, (struct slice){text, format_int64(text, backlog.offset)});
    c->output.muted = true;
    output_send(&c->output, c->fd); /* what is left goes with the next one */
}

/* Executes a command of the stream. The primary has checked it already: no rule
 * for clients holds for it. */
static void execute(struct client *c)
{
    if (!dispatch_take(c, &c->reader)) {
        log_write(LOG_WARNING, "Unknown command in the stream");
    } else if (!transaction_queue(c)) {
        call(c);
        waiting_serve();
    }
}

/* Passes on what was executed since `done`, and returns where that ends. */
static size_t pass_on(struct client *c, size_t done)
{
    struct buffer *begun = &link_up.begun;
    size_t end = c->reader.args_left > 0 ? c->reader.start : c->reader.position;
    buffer_append(begun, link_up.in.data + done, end - done);
    if (!(c->flags & CLIENT_MULTI)) {
        rdb_stream_db = c->db->id;
        primary_append(begun->data, begun->len);
        begun->len = 0;
    }
    return end;
}

/* Executes all commands that have arrived completely. Keys do not expire
 * meanwhile: the primary says when. */
static void execute_stream(struct client *c)
{
    int64_t limit = resp_max_bulk_len; /* is for clients */
    enum resp_status status;
    size_t done = 0;
    resp_max_bulk_len = INT64_MAX / 2;
    is_replay = true;
    while ((status = resp_read(&c->reader, &link_up.in)) == RESP_COMMAND) {
        execute(c);
        done = pass_on(c, done);
    }
    pass_on(c, done); /* empty lines */
    is_replay = false;
    resp_max_bulk_len = limit;
    resp_discard_read(&c->reader, &link_up.in);
    if (status == RESP_MALFORMED)
        give_up("the stream is malformed");
}

/* The data is where the stream goes on: from here on it is executed. */
static void begin_stream(void)
{
    link_up.client = client_create(link_up.fd, CLIENT_MAY_IDLE);
    link_up.client->output.muted = true;
    link_up.client->db = db_at(rdb_stream_db > 0 ? (int)rdb_stream_db : 0);
    link_up.has_history = true;
    link_up.state = LINK_CONNECTED;
    if (!backlog.first)
        backlog_extend();
    link_send_ack();
}

static void delete_all_keys(void)
{
    const struct slice all_keys = {NULL, 0};
    for (int i = 0; i < db_count(); i++) {
        db_clear(db_at(i));
        key_changed(db_at(i), all_keys, "flushall");
    }
}

/* Replaces the data by that of the snapshot. Our replicas have to begin anew.
 * Returns false if that fails; then there is no data. */
static bool load_file(void)
{
    primary_drop_replicas();
    backlog_close();
    snapshot_abort();
    link_up.has_history = false;
    delete_all_keys();
    if (fsync(link_up.file) != 0 ||
        rename(link_up.file_name, snapshot_path()) != 0 || !sync_directory("."))
        return false;
    if (snapshot_read())
        return true;
    delete_all_keys();
    return false;
}

/* Takes what there is of the snapshot. When it is complete, loads it and goes
 * on with the stream. Returns false: all bytes are taken. */
static bool take_file(void)
{
    size_t len = link_up.in.len;
    if ((int64_t)len > link_up.file_left)
        len = (size_t)link_up.file_left;
    if (write(link_up.file, link_up.in.data, len) != (ssize_t)len)
        return give_up("the snapshot cannot be written");
    buffer_consume(&link_up.in, len);
    link_up.file_left -= (int64_t)len;
    if (link_up.file_left > 0 && !(link_mark && link_mark((struct slice){0})))
        return false;
    if (!load_file())
        return give_up("the snapshot cannot be loaded");
    close(link_up.file);
    link_up.file = -1;
    history_begin();
    memcpy(backlog.id, link_up.id, HISTORY_ID_LEN);
    backlog.offset = link_up.offset;
    rdb_stream_db = snapshot.load.stream_db % db_count();
    log_write(LOG_NOTICE, "MASTER <-> REPLICA sync: Finished with success");
    begin_stream();
    aof_restart(); /* with the new data */
    return false;
}

/* "$<length>" */
static bool take_length(struct slice line)
{
    struct slice length = {line.ptr + 1, line.len - 1};
    bool is_valid = parse_int64(length, &link_up.file_left) ||
                    (link_mark && link_mark(length));
    if (*line.ptr != '$' || !is_valid || link_up.file_left < 1)
        return give_up("a snapshot was expected");
    snprintf(link_up.file_name, sizeof link_up.file_name, "temp-%lld.%ld.rdb",
             (long long)clock_ms() / 1000, (long)getpid());
    link_up.file =
        open(link_up.file_name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    return link_up.file >= 0 || give_up("the snapshot cannot be written");
}

/* Appends a request of up to three words. */
static void request(struct buffer *out, const char *a, const char *b,
                    const char *c)
{
    const struct slice argv[] = {slice_of(a), slice_of(b), slice_of(c)};
    append_command(out, *b ? 3 : 1, argv);
}

/* The reply to PSYNC. Returns whether a snapshot follows. */
static bool take_psync_reply(struct slice rest)
{
    struct slice word, id, offset;
    slice_split(&rest, ' ', &word);
    bool has_id = slice_split(&rest, ' ', &id) && id.len == HISTORY_ID_LEN;
    if (slice_equal(word, SLICE("+FULLRESYNC")) && has_id &&
        slice_split(&rest, ' ', &offset) &&
        parse_int64(offset, &link_up.offset) && link_up.offset >= 0 &&
        link_up.offset <= INT64_MAX / 2) {
        memcpy(link_up.id, id.ptr, id.len);
        link_up.state = LINK_TRANSFER;
        return true;
    }
    if (!slice_equal(word, SLICE("+CONTINUE")) || !link_up.has_history)
        return give_up("the primary cannot serve us now");
    if (has_id && !slice_is(id, backlog.id)) {
        history_fork();
        memcpy(backlog.id, id.ptr, HISTORY_ID_LEN);
        primary_drop_replicas();
    }
    begin_stream();
    return false;
}

/* Sends what comes next: PING, who we are, and PSYNC. Each waits for the
 * replies to what was sent before. The socket has room for it, since it is
 * empty.
 *
 * With `capa eof` the primary would send no stream before it gets an ACK. The
 * offset in PSYNC is that of the next byte, and counts from 1. */
static bool ask(void)
{
    char number[INT64_TEXT_MAX] = "-1";
    struct buffer out = {0};
    link_up.replies = 1;
    if (link_up.step == 0) {
        request(&out, "PING", "", "");
    } else if (link_up.step == 1) {
        link_up.replies = 2 + (link_introduce ? link_introduce(&out) : 0);
        format_int64(number, link_up.announced_port ? link_up.announced_port
                                                    : net_settings.port);
        request(&out, "REPLCONF", "listening-port", number);
        request(&out, "REPLCONF", "capa", "psync2");
    } else {
        if (link_up.has_history)
            format_int64(number, backlog.offset + 1);
        request(&out, "PSYNC", link_up.has_history ? backlog.id : "?", number);
    }
    link_up.step++;
    bool done = write(link_up.fd, out.data, out.len) == (ssize_t)out.len;
    buffer_free(&out);
    return done || give_up(strerror(errno));
}

/* Takes a line off what has come. An empty one only says that the primary is
 * still there. Of the replies only that to PSYNC matters: an older primary does
 * not know all options, and one that wants a password refuses PSYNC. Returns
 * whether there may be more to take. */
static bool take_line(void)
{
    char text[LINE_MAX_BYTES];
    const char *end = memchr(link_up.in.data, '\n', link_up.in.len);
    if (!end)
        return link_up.in.len > READ_BYTES && give_up("a line has no end");
    size_t len = (size_t)(end - link_up.in.data), used = len + 1;
    if (len > sizeof text)
        len = sizeof text;
    memcpy(text, link_up.in.data, len);
    buffer_consume(&link_up.in, used);
    len -= len > 0 && text[len - 1] == '\r';
    if (len == 0)
        return true;
    if (link_up.state == LINK_TRANSFER)
        return take_length((struct slice){text, len});
    if (link_up.step == STEPS)
        return take_psync_reply((struct slice){text, len});
    return --link_up.replies > 0 || ask();
}

/* Reads what has arrived: replies to the handshake, the snapshot, the stream.
 * */
static void on_bytes(void *owner, int events)
{
    (void)owner, (void)events;
    char *space = buffer_reserve(&link_up.in, READ_BYTES);
    ssize_t got = read(link_up.fd, space, READ_BYTES);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0)
        give_up(got == 0 ? "connection lost" : strerror(errno));
    link_up.in.len += got > 0 ? (size_t)got : 0;
    link_up.active_ms = monotonic_ms();
    while (link_up.in.len > 0 && !link_up.client &&
           (link_up.file >= 0 ? take_file() : take_line()))
        continue;
    if (link_up.client)
        execute_stream(link_up.client);
}

/* The connection is there. If it has failed, the first request cannot be sent.
 * */
static void on_connected(void *owner, int events)
{
    (void)owner, (void)events;
    link_up.state = LINK_HANDSHAKE;
    link_up.step = 0;
    event_watch(link_up.fd, EVENT_READABLE, on_bytes, NULL);
    ask();
}

static void start_connecting(void)
{
    log_write(LOG_NOTICE, "Connecting to MASTER %s:%d", link_up.host,
              (int)link_up.port);
    link_up.fd = socket_connect(link_up.host, link_up.port);
    if (link_up.fd < 0)
        return;
    link_up.state = LINK_CONNECTING;
    link_up.active_ms = monotonic_ms();
    event_watch(link_up.fd, EVENT_WRITABLE, on_connected, NULL);
}

void link_follow(struct slice host, int64_t port)
{
    char *name = host.ptr ? slice_dup(host) : NULL;
    zfree(link_up.host);
    link_up.host = name;
    link_up.port = port;
    backlog.is_copy = name;
    log_settings.role = name ? 'S' : 'M';
    disconnect();
}

void link_cron(int64_t timeout_s)
{
    if (link_up.state > LINK_CONNECT &&
        monotonic_ms() - link_up.active_ms > timeout_s * 1000)
        give_up("timeout: no data from the primary");
    if (link_up.state == LINK_CONNECT)
        start_connecting();
    link_send_ack();
}

void link_open(void)
{
    client_on_free(forget);
}
