#include "net/client.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/log.h"
#include "common/zmalloc.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/settings.h"
#include "net/traffic.h"

enum {
    DROP_READS_MAX = 64,
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* while a long argument arrives */
    OUTPUT_FULL_BYTES = 64 * 1024 * 1024 /* execute no more than that */
};

static struct client *first;
static struct client *last;
static int64_t count;
static size_t client_bytes = sizeof(struct client);
static struct client *to_flush;
static client_fn *execute;
static client_input_fn *prepare;
static struct hooks created, freed, executed;

void client_set_execute(client_fn *fn)
{
    execute = fn;
}

size_t client_reserve(size_t bytes)
{
    size_t at = client_bytes;
    client_bytes +=
        (bytes + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
    return at;
}

void client_on_create(client_fn *fn)
{
    hooks_add(&created, (hook_fn *)fn);
}

void client_on_free(client_fn *fn)
{
    hooks_add(&freed, (hook_fn *)fn);
}

void client_on_executed(client_fn *fn)
{
    hooks_add(&executed, (hook_fn *)fn);
}

void client_on_input(client_input_fn *fn)
{
    prepare = fn;
}

/* Asks the loop for what the client can use next. */
static void watch(struct client *c);

struct client *client_create(int fd, unsigned flags)
{
    static uint64_t last_id;
    struct client *c = zcalloc(1, client_bytes);
    c->id = ++last_id;
    c->fd = fd;
    c->flags = flags;
    c->protocol = 2;
    c->active_ms = clock_ticked_ms();
    resp_init(&c->reader);
    c->previous = last;
    if (last)
        last->next = c;
    else
        first = c;
    last = c;
    count++;
    watch(c);
    hooks_call(&created, client_fn, c);
    return c;
}

/* Takes the client out of the two lists in which it may be. */
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
    hooks_call(&freed, client_fn, c);
    unlink_client(c);
    event_watch(c->fd, 0, NULL, NULL);
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        drop_unread(c->fd);
    close(c->fd);
    buffer_free(&c->input);
    resp_free(&c->reader);
    output_free(&c->output);
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

/* How much room the next read gets. A long argument gets more, but never all
 * that its sender announced: memory follows the bytes that came. */
static size_t read_size(const struct client *c)
{
    size_t missing = resp_missing(&c->reader, &c->input);
    if (missing > READ_MORE_BYTES)
        return READ_MORE_BYTES;
    return missing > READ_BYTES ? missing : READ_BYTES;
}

/* Reads once. Returns false when the connection has ended, or must end. */
static bool read_input(struct client *c)
{
    size_t size = read_size(c);
    char *room = buffer_reserve(&c->input, size);
    ssize_t got = read(c->fd, room, size);
    traffic_report(TRAFFIC_READ, got > 0 ? (size_t)got : 0);
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

/* Lets the client go when its replies are sent. Nothing is appended any more. */
static void close_after_reply(struct client *c)
{
    c->flags |= CLIENT_CLOSE_AFTER_REPLY;
    c->output.muted = true;
}

/* Gives the command that the reader holds to dispatch. */
static void execute_command(struct client *c)
{
    c->argc = c->reader.argc;
    c->argv = c->reader.argv;
    execute(c);
    hooks_call(&executed, client_fn, c);
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        close_after_reply(c);
}

/* Whether the next command may begin. A client that does not read its replies
 * gets no more of them: its commands wait in the socket, and in the end the
 * client cannot send. */
static bool may_execute(struct client *c)
{
    if (c->output.pending >= OUTPUT_FULL_BYTES)
        c->flags |= CLIENT_OUTPUT_FULL;
    return !(c->flags & CLIENT_STOPPED);
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

/* Executes the commands that have arrived completely, in order, until one has
 * to wait or the output is full. */
static void process_input(struct client *c)
{
    size_t prepared = 0;
    while (may_execute(c)) {
        if (prepare && c->reader.position >= prepared)
            prepared = prepare(c);
        enum resp_status status = resp_read(&c->reader, &c->input);
        if (status == RESP_INCOMPLETE)
            break;
        if (status == RESP_MALFORMED) {
            reply_errorf(c, "ERR Protocol error: %s", c->reader.error);
            close_after_reply(c);
            break;
        }
        execute_command(c);
    }
    release_input(c);
    if (c->output.pending > 0 || c->flags & CLIENT_CLOSE_AFTER_REPLY)
        client_queue_flush(c);
}

void client_resume(struct client *c, unsigned flags)
{
    c->flags &= ~flags;
    process_input(c);
}

void client_queue_flush(struct client *c)
{
    if (c->flags & CLIENT_FLUSH_QUEUED)
        return;
    c->flags |= CLIENT_FLUSH_QUEUED;
    c->next_to_flush = to_flush;
    to_flush = c;
}

/* Whether more waits for the client than may wait. */
static bool is_over_output_limit(const struct client *c)
{
    int64_t limit = net_settings.output_max_bytes;
    if (limit == 0 || (int64_t)c->output.pending < limit)
        return false;
    log_write(LOG_WARNING,
              "Client id=%llu scheduled to be closed ASAP for overcoming of "
              "output buffer limits.",
              (unsigned long long)c->id);
    return true;
}

/* Sends, and asks the loop to say when more can be sent. */
static void flush(struct client *c)
{
    if (is_over_output_limit(c)) {
        client_free(c);
        return;
    }
    size_t pending = c->output.pending;
    enum output_status status = output_send(&c->output, c->fd);
    traffic_report(TRAFFIC_WRITTEN, pending - c->output.pending);
    if (status == OUTPUT_FAILED ||
        (status == OUTPUT_DONE && c->flags & CLIENT_CLOSE_AFTER_REPLY)) {
        client_free(c);
        return;
    }
    if (c->output.pending < pending)
        c->active_ms = clock_ticked_ms();
    if (c->output.pending < OUTPUT_FULL_BYTES / 2 &&
        c->flags & CLIENT_OUTPUT_FULL)
        client_resume(c, CLIENT_OUTPUT_FULL);
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
