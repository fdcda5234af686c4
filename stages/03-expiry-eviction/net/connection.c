#include "net/connection.h"

#include <errno.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/log.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/settings.h"
#include "net/traffic.h"

enum {
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* while a long argument arrives */
    OUTPUT_FULL_BYTES = 64 * 1024 * 1024 /* execute no more than that */
};

static struct client *to_flush;
static client_fn *execute;
static client_input_fn *prepare;
static struct hooks executed;

void connection_on_executed(client_fn *fn)
{
    hooks_add(&executed, (hook_fn *)fn);
}

void connection_on_input(client_input_fn *fn)
{
    prepare = fn;
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
    if (c->input.len == 0 && c->reader.args_left == 0) {
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
        connection_queue_flush(c);
}

void connection_resume(struct client *c, unsigned flags)
{
    c->flags &= ~flags;
    process_input(c);
}

void connection_queue_flush(struct client *c)
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

/* Asks the loop for what the client can use next. */
static void watch(struct client *c);

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
        connection_resume(c, CLIENT_OUTPUT_FULL);
    watch(c);
}

/* Writable first: what leaves makes room for what is about to be answered. */
static void on_ready(void *owner, int events)
{
    struct client *c = owner;
    if (events & EVENT_WRITABLE)
        connection_queue_flush(c);
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

/* One that is freed is flushed no more. */
static void leave_queue(struct client *c)
{
    if (!(c->flags & CLIENT_FLUSH_QUEUED))
        return;
    struct client **link = &to_flush;
    while (*link != c)
        link = &(*link)->next_to_flush;
    *link = c->next_to_flush;
}

void connection_set_execute(client_fn *fn)
{
    execute = fn;
    client_on_free(leave_queue);
}

void connection_open(int fd, unsigned flags)
{
    watch(client_create(fd, flags));
}

void connection_flush_queued(void)
{
    while (to_flush) {
        struct client *c = to_flush;
        to_flush = c->next_to_flush;
        c->flags &= ~(unsigned)CLIENT_FLUSH_QUEUED;
        flush(c);
    }
}
