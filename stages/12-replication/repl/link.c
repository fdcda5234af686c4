#include "repl/link.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command/call.h"
#include "command/command.h"
#include "command/transaction.h"
#include "command/waiting.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/event_loop.h"
#include "net/settings.h"
#include "persist/aof.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"
#include "repl/primary.h"
#include "store/entry.h"
#include "store/keyspace.h"

enum { READ_BYTES = 256 * 1024 };

struct link link_up = {.fd = -1, .file = -1};
bool (*link_login)(struct buffer *out);

bool client_is_primary(const struct client *c)
{
    return c == link_up.client;
}

/* Closes the connection. The next is tried after a second; until then the place
 * in the history is kept, unless a snapshot has begun to replace the data. */
static void disconnect(void)
{
    struct link *l = &link_up;
    if (l->state == LINK_CONNECTED)
        l->lost_ms = monotonic_ms();
    if (l->client) {
        l->db = l->client->db->id;
        struct client *c = l->client;
        l->client = NULL;
        client_free(c);
    } else if (l->fd >= 0) {
        event_watch(l->fd, 0, NULL, NULL);
        close(l->fd);
    }
    if (l->file >= 0) {
        close(l->file);
        unlink(l->file_name);
    }
    l->fd = l->file = -1;
    buffer_free(&l->in);
    buffer_free(&l->begun);
    l->state = l->host ? LINK_CONNECT : LINK_NONE;
}

/* Called before a client is freed: somebody may have closed that of the link. */
static void forget(struct client *c)
{
    if (c != link_up.client)
        return;
    log_write(LOG_WARNING, "Connection with master lost.");
    link_up.db = c->db->id;
    link_up.client = NULL;
    link_up.fd = -1; /* is closed with the client */
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
    char offset[INT64_TEXT_MAX];
    struct client *c = link_up.client;
    struct buffer bytes = {0};
    if (!c)
        return;
    const struct slice argv[] = {SLICE("REPLCONF"), SLICE("ACK"),
                                 {offset, format_int64(offset, backlog.offset)}};
    append_command(&bytes, 3, argv);
    c->output.muted = false;
    output_append(&c->output, bytes.data, bytes.len);
    c->output.muted = true;
    output_send(&c->output, c->fd); /* what is left goes with the next one */
    buffer_free(&bytes);
}

/* Executes a command of the stream. The primary has checked it already: no rule
 * for clients holds for it. */
static void execute(struct client *c)
{
    c->argc = c->reader.argc;
    c->argv = c->reader.argv;
    c->command = command_of(c->argc, c->argv);
    int arity = c->command && c->command->handler ? c->command->arity : 0;
    if (arity == 0 || (arity > 0 ? c->argc != arity : c->argc < -arity)) {
        log_write(LOG_WARNING, "The primary has sent an unknown command: %.*s",
                  slice_precision(c->argv[0]), c->argv[0].ptr);
        return;
    }
    c->flags |= CLIENT_DENY_BLOCKING;
    if (transaction_queue(c))
        return;
    call(c);
    waiting_serve();
}

/* Passes on what was executed since `done`, and returns where that ends. */
static size_t pass_on(struct client *c, size_t done)
{
    struct buffer *begun = &link_up.begun;
    size_t end = c->reader.args_left > 0 ? c->reader.start : c->reader.position;
    if (c->flags & CLIENT_MULTI || begun->len > 0)
        buffer_append(begun, c->input.data + done, end - done);
    else
        primary_append(c->input.data + done, end - done);
    if (!(c->flags & CLIENT_MULTI) && begun->len > 0) {
        primary_append(begun->data, begun->len);
        buffer_free(begun);
    }
    return end;
}

/* Executes all commands that have arrived completely. Keys do not expire
 * meanwhile: the primary says when. */
static void execute_stream(void)
{
    struct client *c = link_up.client;
    int64_t limit = resp_max_bulk_len; /* is for clients */
    enum resp_status status = RESP_COMMAND;
    size_t done = 0;
    resp_max_bulk_len = INT64_MAX / 2;
    keys_stay = true;
    while (status == RESP_COMMAND && link_up.client == c) {
        status = resp_read(&c->reader, &c->input);
        if (status == RESP_COMMAND)
            execute(c);
        if (link_up.client == c)
            done = pass_on(c, done);
    }
    keys_stay = false;
    resp_max_bulk_len = limit;
    if (link_up.client != c)
        return;
    resp_discard_read(&c->reader, &c->input);
    if (status == RESP_MALFORMED)
        give_up("the stream is malformed");
}

/* Reads what has arrived. Returns false if the connection has ended. */
static bool read_more(struct buffer *in)
{
    char *space = buffer_reserve(in, READ_BYTES);
    ssize_t got = read(link_up.fd, space, READ_BYTES);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (got <= 0)
        return give_up(got == 0 ? "the primary closed the connection"
                                : strerror(errno));
    in->len += (size_t)got;
    link_up.active_ms = monotonic_ms();
    return true;
}

static void on_stream(void *owner, int events)
{
    (void)owner, (void)events;
    if (read_more(&link_up.client->input))
        execute_stream();
}

/* The data is where the stream goes on: from here on it is executed. */
static void begin_stream(void)
{
    struct link *l = &link_up;
    struct client *c = client_create(l->fd, CLIENT_MAY_IDLE);
    c->output.muted = true;
    c->db = db_at(l->db);
    c->input = l->in;
    l->in = (struct buffer){0};
    l->client = c;
    l->has_history = true;
    l->state = LINK_CONNECTED;
    if (!backlog.first)
        backlog_open();
    event_watch(l->fd, EVENT_READABLE, on_stream, NULL);
    link_send_ack();
    execute_stream();
}

/* Deletes all keys. */
static void delete_all(void)
{
    const struct slice all_keys = {NULL, 0};
    for (int i = 0; i < db_count(); i++) {
        db_clear(db_at(i));
        key_changed(db_at(i), all_keys, "flushall");
    }
}

/* Replaces the data by that of the snapshot. Who follows this server has to
 * begin anew. Returns false if that fails; then there is no data. */
static bool load_file(void)
{
    struct slice bytes;
    struct link *l = &link_up;
    primary_drop_replicas();
    backlog_close();
    snapshot_abort();
    l->has_history = false;
    delete_all();
    if (!file_map(l->file_name, &bytes))
        return false;
    keys_stay = true;
    bool done = snapshot_load(bytes);
    keys_stay = false;
    file_unmap(bytes);
    if (!done)
        delete_all();
    return done;
}

/* The snapshot is complete: loads it, and goes on with the stream. */
static bool end_transfer(void)
{
    struct link *l = &link_up;
    if (fsync(l->file) != 0 || !load_file() ||
        rename(l->file_name, snapshot_path()) != 0)
        return give_up("the snapshot cannot be loaded");
    close(l->file);
    l->file = -1;
    memcpy(backlog.id, l->id, sizeof backlog.id);
    backlog.id2[0] = '\0';
    backlog.id2_offset = -1;
    backlog.offset = l->offset;
    l->db = (int)snapshot.load.stream_db;
    log_write(LOG_NOTICE, "MASTER <-> REPLICA sync: Finished with success");
    begin_stream();
    aof_restart();
    return false;
}

/* Takes what there is of the snapshot. One without a length ends with the mark
 * that came in its place, and then the primary waits for us before it goes on:
 * so nothing is behind it. */
static bool take_file(void)
{
    struct link *l = &link_up;
    char end[LINK_MARK_LEN];
    size_t len = l->in.len;
    if (!*l->mark && (int64_t)len > l->file_left)
        len = (size_t)l->file_left;
    if (write(l->file, l->in.data, len) != (ssize_t)len)
        return give_up("the snapshot cannot be written");
    buffer_consume(&l->in, len);
    l->file_size += (int64_t)len;
    if (!*l->mark) {
        l->file_left -= (int64_t)len;
        return l->file_left == 0 && end_transfer();
    }
    int64_t size = l->file_size - LINK_MARK_LEN;
    if (size < 0 || pread(l->file, end, sizeof end, size) != sizeof end ||
        memcmp(end, l->mark, sizeof end) != 0)
        return false;
    if (ftruncate(l->file, size) != 0)
        return give_up("the snapshot cannot be written");
    return end_transfer();
}

/* "$<length>", or "$EOF:<mark>". */
static bool take_length(struct slice line)
{
    struct link *l = &link_up;
    struct slice value = {line.ptr + 1, line.len - 1};
    l->mark[0] = '\0';
    l->file_size = 0;
    if (line.ptr[0] != '$')
        return give_up("a snapshot was expected");
    if (value.len == 4 + LINK_MARK_LEN && memcmp(value.ptr, "EOF:", 4) == 0) {
        memcpy(l->mark, value.ptr + 4, LINK_MARK_LEN);
        l->file_left = 0;
    } else if (!parse_int64(value, &l->file_left) || l->file_left < 1) {
        return give_up("the length of the snapshot is wrong");
    }
    snprintf(l->file_name, sizeof l->file_name, "temp-%lld.%ld.rdb",
             (long long)clock_ms() / 1000, (long)getpid());
    l->file = open(l->file_name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (l->file < 0)
        return give_up("the snapshot cannot be written");
    return true;
}

/* The reply to PSYNC. */
static bool take_psync_reply(struct slice line)
{
    struct link *l = &link_up;
    struct slice rest = line, word, id, offset;
    slice_split(&rest, ' ', &word);
    if (slice_equal(word, SLICE("+FULLRESYNC"))) {
        if (!slice_split(&rest, ' ', &id) || id.len != HISTORY_ID_LEN ||
            !slice_split(&rest, ' ', &offset) ||
            !parse_int64(offset, &l->offset) || l->offset < 0)
            return give_up("the primary has sent a wrong +FULLRESYNC");
        memcpy(l->id, id.ptr, id.len);
        l->file_left = -1;
        l->state = LINK_TRANSFER;
        return true;
    }
    if (!slice_equal(word, SLICE("+CONTINUE")))
        return give_up(line.ptr[0] == '-' ? "the primary cannot serve us now"
                                          : "unexpected reply to PSYNC");
    if (slice_split(&rest, ' ', &id) && id.len == HISTORY_ID_LEN &&
        memcmp(id.ptr, backlog.id, id.len) != 0) {
        history_fork(id.ptr);
        primary_drop_replicas();
    }
    begin_stream();
    return false;
}

static bool ask_ping(struct buffer *out)
{
    const struct slice argv[] = {SLICE("PING")};
    append_command(out, 1, argv);
    return true;
}

static bool ask_login(struct buffer *out)
{
    return link_login && link_login(out);
}

/* Appends REPLCONF with one option. */
static bool append_option(struct buffer *out, const char *name,
                          const char *value)
{
    const struct slice argv[] = {SLICE("REPLCONF"), slice_of(name),
                                 slice_of(value)};
    append_command(out, 3, argv);
    return true;
}

static bool tell_port(struct buffer *out)
{
    char port[INT64_TEXT_MAX];
    format_int64(port, link_up.announced_port ? link_up.announced_port
                                              : net_settings.port);
    return append_option(out, "listening-port", port);
}

static bool tell_ip(struct buffer *out)
{
    return *link_up.announced_ip &&
           append_option(out, "ip-address", link_up.announced_ip);
}

/* With `capa eof` the primary would send no stream until it got an ACK. */
static bool tell_capabilities(struct buffer *out)
{
    return append_option(out, "capa", "psync2");
}

/* An offset in PSYNC is that of the next byte, and counts from 1. */
static bool ask_psync(struct buffer *out)
{
    char offset[INT64_TEXT_MAX] = "-1";
    struct slice id = SLICE("?");
    if (link_up.has_history) {
        format_int64(offset, backlog.offset + 1);
        id = slice_of(backlog.id);
    }
    const struct slice argv[] = {SLICE("PSYNC"), id, slice_of(offset)};
    append_command(out, 3, argv);
    return true;
}

static bool is_login_error(struct slice line)
{
    return strncmp(line.ptr, "-NOAUTH", 7) == 0 ||
           strncmp(line.ptr, "-NOPERM", 7) == 0 ||
           strncmp(line.ptr, "-ERR operation not permitted", 28) == 0;
}

/* A primary that wants a password says so: PING is only to see that it is
 * there. */
static bool take_pong(struct slice line)
{
    return line.ptr[0] == '+' || is_login_error(line) ||
           give_up("the primary has replied with an error to PING");
}

static bool take_login(struct slice line)
{
    return line.ptr[0] == '+' || give_up("unable to AUTH to the primary");
}

/* An older primary may not know the option. */
static bool take_any(struct slice line)
{
    (void)line;
    return true;
}

/* The requests of the handshake; each waits for the reply to the one before. The
 * first function returns false if the request is not needed, the other if the
 * handshake is over. */
static const struct step {
    bool (*ask)(struct buffer *out);
    bool (*take)(struct slice line);
} steps[] = {
    {ask_ping, take_pong},  {ask_login, take_login},
    {tell_port, take_any},  {tell_ip, take_any},
    {tell_capabilities, take_any}, {ask_psync, take_psync_reply},
};

/* Sends the request of this step, or of the next that is needed. The socket has
 * room for it, since nothing else was sent. */
static bool ask(void)
{
    struct buffer out = {0};
    while (!steps[link_up.step].ask(&out))
        link_up.step++;
    bool done = write(link_up.fd, out.data, out.len) == (ssize_t)out.len;
    buffer_free(&out);
    return done || give_up(strerror(errno));
}

/* Takes a line off what has come. An empty one only says that the primary is
 * still there. Returns false if there is none, or the connection is given up. */
static bool take_line(void)
{
    struct link *l = &link_up;
    char text[512];
    const char *end = l->in.len ? memchr(l->in.data, '\n', l->in.len) : NULL;
    if (!end)
        return l->in.len < sizeof text || give_up("a line is too long");
    size_t len = (size_t)(end - l->in.data), used = len + 1;
    if (len >= sizeof text)
        return give_up("a line is too long");
    memcpy(text, l->in.data, len);
    len -= len > 0 && text[len - 1] == '\r';
    text[len] = '\0';
    buffer_consume(&l->in, used);
    struct slice line = {text, len};
    if (len == 0)
        return true;
    if (l->state == LINK_TRANSFER)
        return take_length(line);
    if (!steps[l->step].take(line))
        return false;
    if (l->state == LINK_TRANSFER)
        return true;
    l->step++;
    return ask();
}

/* Takes the replies to the handshake, and the snapshot. */
static void on_bytes(void *owner, int events)
{
    (void)owner, (void)events;
    struct link *l = &link_up;
    bool goes_on = read_more(&l->in);
    while (goes_on && l->in.len > 0) {
        size_t before = l->in.len;
        if (l->state == LINK_TRANSFER && l->file_left >= 0)
            goes_on = take_file();
        else
            goes_on = take_line() && l->in.len < before;
    }
}

/* The connection is there, or has failed. */
static void on_connected(void *owner, int events)
{
    (void)owner, (void)events;
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(link_up.fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ||
        error) {
        give_up(strerror(error));
        return;
    }
    link_up.state = LINK_HANDSHAKE;
    link_up.step = 0;
    event_watch(link_up.fd, EVENT_READABLE, on_bytes, NULL);
    ask();
}

/* Returns a socket that is being connected, or -1 with errno. */
static int connect_socket(const struct addrinfo *to)
{
    int fd = socket(to->ai_family, SOCK_STREAM, 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (fd < 0 || connect(fd, to->ai_addr, to->ai_addrlen) == 0 ||
        errno == EINPROGRESS)
        return fd;
    int reason = errno; /* close may change it */
    close(fd);
    errno = reason;
    return -1;
}

/* Begins to connect. */
static void start_connecting(void)
{
    char service[INT64_TEXT_MAX];
    struct link *l = &link_up;
    struct addrinfo *found, hints = {.ai_socktype = SOCK_STREAM,
                                     .ai_flags = AI_NUMERICSERV};
    format_int64(service, l->port);
    log_write(LOG_NOTICE, "Connecting to MASTER %s:%s", l->host, service);
    int failed = getaddrinfo(l->host, service, &hints, &found);
    if (failed) {
        give_up(gai_strerror(failed));
        return;
    }
    for (const struct addrinfo *a = found; a && l->fd < 0; a = a->ai_next)
        l->fd = connect_socket(a);
    freeaddrinfo(found);
    if (l->fd < 0) {
        give_up(strerror(errno));
        return;
    }
    l->state = LINK_CONNECTING;
    l->active_ms = monotonic_ms();
    event_watch(l->fd, EVENT_WRITABLE, on_connected, NULL);
}

void link_begin(struct slice host, int64_t port)
{
    link_end();
    link_up.host = slice_dup(host);
    link_up.port = port;
    link_up.state = LINK_CONNECT;
    link_up.lost_ms = monotonic_ms();
    backlog.is_copy = true;
}

void link_end(void)
{
    zfree(link_up.host);
    link_up.host = NULL;
    backlog.is_copy = false;
    disconnect();
}

/* The loop, which watched the connection, is closed already. */
void link_close(void)
{
    if (!link_up.client && link_up.fd >= 0) {
        close(link_up.fd);
        link_up.fd = -1;
    }
    link_end();
}

void link_cron(int64_t timeout_s)
{
    struct link *l = &link_up;
    if (l->state > LINK_CONNECT &&
        monotonic_ms() - l->active_ms > timeout_s * 1000)
        give_up("timeout: the primary is silent");
    if (l->state == LINK_CONNECT)
        start_connecting();
    else if (l->state == LINK_CONNECTED)
        link_send_ack();
}

void link_open(void)
{
    client_on_free(forget);
}
