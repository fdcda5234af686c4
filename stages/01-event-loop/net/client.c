#include "net/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "net/event_loop.h"
#include "net/reply.h"

enum {
    DROP_READS_MAX = 64,
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* while a long argument arrives */
    OUTPUT_FULL_BYTES = 64 * 1024 * 1024, /* execute no more than that */
    FREE_FUNCTIONS_MAX = 8
};

static struct client *first;
static struct client *last;
static int64_t count;
static struct client *to_flush;
static void (*free_functions[FREE_FUNCTIONS_MAX])(struct client *c);
static int free_function_count;
static execute_fn *execute;

void client_set_execute(execute_fn *fn)
{
    execute = fn;
}

/* Asks the loop for what the client can use next. */
static void watch(struct client *c);

struct client *client_create(int fd, unsigned flags)
{
    static uint64_t last_id;
    struct client *c = zcalloc(1, sizeof *c);
    c->id = ++last_id;
    c->fd = fd;
    c->flags = flags;
    c->protocol = 2;
    c->created_ms = c->active_ms = clock_ticked_ms();
    resp_init(&c->reader);
    c->previous = last;
    if (last)
        last->next = c;
    else
        first = c;
    last = c;
    count++;
    watch(c);
    return c;
}

/* Takes the client out of the two lists in which it may stand. */
static void unlink_client(struct client *c)
{
    if (c->previous)
        c->previous->next = c->next;
    else
        first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    else
        last = c->previous;
    count--;
    if (c->flags & CLIENT_FLUSH_QUEUED) {
        struct client **link = &to_flush;
        while (*link != c)
            link = &(*link)->next_to_flush;
        *link = c->next_to_flush;
    }
}

void client_on_free(void (*fn)(struct client *c))
{
    free_functions[free_function_count++] = fn;
}

/* What has arrived and will not be read would make close() reset the
 * connection, and the last reply might be lost with it. */
static void drop_unread(int fd)
{
    char bytes[4096];
    for (int i = 0; i < DROP_READS_MAX; i++) {
        if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0)
            return;
    }
}

void client_free(struct client *c)
{
    for (int i = 0; i < free_function_count; i++)
        free_functions[i](c);
    unlink_client(c);
    event_watch(c->fd, 0, NULL, NULL);
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        drop_unread(c->fd);
    close(c->fd);
    buffer_free(&c->input);
    resp_free(&c->reader);
    output_free(&c->output);
    zfree(c->name);
    zfree(c);
}

struct client *client_first(void)
{
    return first;
}

int64_t client_count(void)
{
    return count;
}

struct client *client_by_id(uint64_t id)
{
    struct client *c = first;
    while (c && c->id < id)
        c = c->next;
    return c && c->id == id ? c : NULL;
}

/* How much room the next read gets. A long argument gets more, but never all
 * that its sender announced: memory follows the bytes that came. */
static size_t read_size(const struct client *c)
{
    size_t missing = resp_missing(&c->reader, &c->input);
    if (missing > READ_MORE_BYTES)
        return READ_MORE_BYTES;
    return missing > READ_BYTES ? missing : READ_BYTES;
}

/* Reads once. False when the connection has ended, or must. */
static bool read_input(struct client *c)
{
    size_t size = read_size(c);
    char *room = buffer_reserve(&c->input, size);
    ssize_t got = read(c->fd, room, size);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0)
        return false;
    c->input.len += (size_t)got;
    c->active_ms = clock_ticked_ms();
    if (c->input.len > (size_t)net_settings.input_max_bytes) {
        log_write(
            LOG_WARNING,
            "Closing client that reached max query buffer length: id=%llu",
            (unsigned long long)c->id);
        return false;
    }
    return true;
}

/* CLIENT REPLY decides at each command whether its reply is kept. */
static void begin_reply(struct client *c)
{
    c->output.muted = c->flags & (CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP);
}

/* SKIP is for the command behind it: it takes effect when this one ended. */
static void end_reply(struct client *c)
{
    c->flags &= ~(unsigned)CLIENT_REPLY_SKIP;
    if (c->flags & CLIENT_REPLY_SKIP_NEXT) {
        c->flags &= ~(unsigned)CLIENT_REPLY_SKIP_NEXT;
        c->flags |= CLIENT_REPLY_SKIP;
    }
    c->output.muted = false;
}

/* Hands the command that the reader holds to dispatch. */
static void execute_command(struct client *c)
{
    c->argc = c->reader.argc;
    c->argv = c->reader.argv;
    begin_reply(c);
    execute(c);
    if (!(c->flags & CLIENT_POSTPONED))
        end_reply(c);
}

/* Whether the next command may begin. A client that does not read its replies
 * gets no more of them: its commands wait in the socket, and in the end the
 * client cannot send. */
static bool may_execute(struct client *c)
{
    if (c->output.pending >= OUTPUT_FULL_BYTES)
        c->flags |= CLIENT_OUTPUT_FULL;
    return !(c->flags & (CLIENT_CLOSE_AFTER_REPLY | CLIENT_OUTPUT_FULL |
                         CLIENT_POSTPONED));
}

/* Drops the commands that were executed; an idle client holds no memory. */
static void release_input(struct client *c)
{
    resp_discard_read(&c->reader, &c->input);
    if (c->input.len == 0 && resp_is_between(&c->reader)) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
}

/* Executes the commands that have arrived completely, in order, until one
 * waits or the output is full. */
static void process_input(struct client *c)
{
    while (may_execute(c)) {
        enum resp_status status = resp_read(&c->reader, &c->input);
        if (status == RESP_INCOMPLETE)
            break;
        if (status == RESP_MALFORMED) {
            begin_reply(c);
            reply_errorf(c, "ERR Protocol error: %s", c->reader.error);
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
            break;
        }
        execute_command(c);
    }
    if (!(c->flags & CLIENT_POSTPONED))
        release_input(c);
    if (c->output.pending > 0 || c->flags & CLIENT_CLOSE_AFTER_REPLY)
        client_queue_flush(c);
}

void client_queue_flush(struct client *c)
{
    if (c->flags & CLIENT_FLUSH_QUEUED)
        return;
    c->flags |= CLIENT_FLUSH_QUEUED;
    c->next_to_flush = to_flush;
    to_flush = c;
}

/* Whether more is waiting for the client than it is allowed to let wait. */
static bool is_over_output_limit(struct client *c)
{
    const struct output_limit *limit =
        &net_settings.output_limits[client_class(c)];
    int64_t pending = (int64_t)c->output.pending;
    if (limit->hard_bytes && pending >= limit->hard_bytes)
        return true;
    if (!limit->soft_bytes || pending < limit->soft_bytes) {
        c->over_limit_since_ms = 0;
        return false;
    }
    int64_t now_ms = clock_ticked_ms();
    if (!c->over_limit_since_ms)
        c->over_limit_since_ms = now_ms;
    return now_ms - c->over_limit_since_ms > limit->soft_seconds * 1000;
}

bool client_close_if_over_limit(struct client *c)
{
    if (!is_over_output_limit(c))
        return false;
    log_write(LOG_WARNING,
              "Client id=%llu scheduled to be closed ASAP for overcoming "
              "of output buffer limits.",
              (unsigned long long)c->id);
    client_free(c);
    return true;
}

/* Sends, and asks the loop to say when more can be sent. */
static void flush(struct client *c)
{
    if (client_close_if_over_limit(c))
        return;
    enum output_status status = output_send(&c->output, c->fd);
    if (status == OUTPUT_FAILED ||
        (status == OUTPUT_DONE && c->flags & CLIENT_CLOSE_AFTER_REPLY)) {
        client_free(c);
        return;
    }
    if (c->output.pending < OUTPUT_FULL_BYTES / 2 &&
        c->flags & CLIENT_OUTPUT_FULL) {
        c->flags &= ~(unsigned)CLIENT_OUTPUT_FULL;
        process_input(c);
    }
    watch(c);
}

/* Writable first: what leaves makes room for what is about to be answered. */
static void on_ready(void *owner, int events)
{
    struct client *c = owner;
    if (events & EVENT_WRITABLE)
        client_queue_flush(c);
    if (!(events & EVENT_READABLE))
        return;
    if (read_input(c))
        process_input(c);
    else
        client_free(c);
}

/* Asks the loop for what the client can use: nothing is read that could not be
 * answered, and writable is of interest only while there is something to write,
 * since a socket nearly always is. */
static void watch(struct client *c)
{
    int events = 0;
    if (!(c->flags & (CLIENT_CLOSE_AFTER_REPLY | CLIENT_OUTPUT_FULL)))
        events |= EVENT_READABLE;
    if (c->output.pending > 0)
        events |= EVENT_WRITABLE;
    event_watch(c->fd, events, on_ready, c);
}

void client_flush_queued(void)
{
    while (to_flush) {
        struct client *c = to_flush;
        to_flush = c->next_to_flush;
        c->flags &= ~(unsigned)CLIENT_FLUSH_QUEUED;
        flush(c);
    }
}

void client_postpone(struct client *c)
{
    c->flags |= CLIENT_POSTPONED;
}

void client_resume(struct client *c)
{
    c->flags &= ~(unsigned)CLIENT_POSTPONED;
    resp_rebase(&c->reader, &c->input);
    execute_command(c);
    process_input(c);
}

void client_abort(struct client *c)
{
    output_free(&c->output);
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
}

void client_set_name(struct client *c, struct slice name)
{
    zfree(c->name);
    c->name = name.len > 0 ? slice_dup(name) : NULL;
}

static size_t usable_size(const void *block)
{
    return block ? zmalloc_usable_size(block) : 0;
}

size_t client_memory(const struct client *c)
{
    size_t blocks;
    return usable_size(c) + usable_size(c->name) + usable_size(c->input.data) +
           usable_size(c->reader.argv) + usable_size(c->reader.starts) +
           output_memory(&c->output, &blocks);
}

enum client_class client_class(const struct client *c)
{
    (void)c;
    return CLASS_NORMAL;
}

/* "127.0.0.1:4711" or "[::1]:4711" */
static void append_address(const struct sockaddr_storage *address,
                           struct buffer *out)
{
    char text[INET6_ADDRSTRLEN];
    if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, address, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof text);
        buffer_printf(out, "[%s]:%d", text, ntohs(in6.sin6_port));
    } else {
        struct sockaddr_in in4;
        memcpy(&in4, address, sizeof in4);
        inet_ntop(AF_INET, &in4.sin_addr, text, sizeof text);
        buffer_printf(out, "%s:%d", text, ntohs(in4.sin_port));
    }
}

void client_append_peer(const struct client *c, struct buffer *out)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(out, "%s:0", net_settings.unix_socket);
    else if (getpeername(c->fd, (struct sockaddr *)&address, &len) == 0)
        append_address(&address, out);
    else
        buffer_append_text(out, "?:0");
}

void client_append_local(const struct client *c, struct buffer *out)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof address;
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(out, "%s:0", net_settings.unix_socket);
    else if (getsockname(c->fd, (struct sockaddr *)&address, &len) == 0)
        append_address(&address, out);
    else
        buffer_append_text(out, "?:0");
}
