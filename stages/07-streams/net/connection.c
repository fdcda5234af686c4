/* What happens to a client in one turn of the loop:
 *
 *   readable -> read once -> parse, execute, parse, execute ... -> queue
 *   end of the turn: for each in the queue, send -> watch for what can be next
 *
 * A client that sends without reading its replies is slowed down in steps: at
 * 64 MB of output it executes nothing more, so it is not read from, so its
 * commands fill the socket, and in the end the client itself cannot send. At
 * half of that it goes on.
 *
 * While CLIENT_FLUSH_QUEUED is set the client is in the queue once, and only
 * then. Its commands stay in the input while a flag of CLIENT_STOPPED is set,
 * and connection_resume clears the flag. A function that may free its client
 * says so; its caller must not touch the client afterwards. */
#include "net/connection.h"

#include <errno.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/log.h"
#include "net/event_loop.h"
#include "net/reply.h"
#include "net/settings.h"

enum {
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* while a long argument arrives */
    OUTPUT_FULL_BYTES = 64 * 1024 * 1024 /* execute no more than that */
};

static client_fn *execute;
static client_input_fn *prepare; /* NULL: nothing to prepare */
static struct hooks executed, traffic;

void connection_on_executed(client_fn *fn)
{
    hooks_add(&executed, (hook_fn *)fn);
}

void traffic_observe(traffic_fn *fn)
{
    hooks_add(&traffic, (hook_fn *)fn);
}

void traffic_report(enum traffic what, size_t bytes)
{
    hooks_call(&traffic, traffic_fn, what, bytes);
}

void connection_on_input(client_input_fn *fn)
{
    prepare = fn;
}

/* Reads once. Returns false when the connection has ended, or must end. */
static bool read_input(struct client *c)
{
    /* A long argument gets more space, but never all that its header announces:
     * memory follows the bytes that have arrived. */
    size_t size = resp_missing(&c->reader, &c->input);
    if (size < READ_BYTES)
        size = READ_BYTES;
    if (size > READ_MORE_BYTES)
        size = READ_MORE_BYTES;
    char *space = buffer_reserve(&c->input, size);
    ssize_t got = read(c->fd, space, size);
    traffic_report(TRAFFIC_READ, got > 0 ? (size_t)got : 0);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0)
        return false;
    c->input.len += (size_t)got;
    c->active_ms = clock_ticked_ms();
    /* Arguments that were read completely do not count, as in Redis: a command
     * may be longer than the limit, what waits to be parsed may not. */
    if (c->input.len - c->reader.position >
        (size_t)net_settings.input_max_bytes) {
        log_write(
            LOG_WARNING,
            "Closing client that reached max query buffer length: id=%llu",
            (unsigned long long)c->id);
        return false;
    }
    return true;
}

/* Executes the commands that have arrived completely, in order, until one has
 * to wait or the client must not have another reply. Sends nothing and frees
 * no client: what there is to send or to close, flush does at the end of the
 * turn. */
static void process_input(struct client *c)
{
    size_t prepared = 0;
    for (;;) {
        if (c->output.pending >= OUTPUT_FULL_BYTES)
            c->flags |= CLIENT_OUTPUT_FULL;
        if (c->flags & CLIENT_STOPPED || c->output.over_limit)
            break;
        if (prepare && c->reader.position >= prepared)
            prepared = prepare(c);
        enum resp_status status = resp_read(&c->reader, &c->input);
        if (status == RESP_INCOMPLETE)
            break;
        if (status == RESP_MALFORMED) {
            reply_errorf(c, "ERR Protocol error: %s", c->reader.error);
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
            break;
        }
        c->argc = c->reader.argc;
        c->argv = c->reader.argv;
        execute(c);
        hooks_call(&executed, client_fn, c);
    }
    /* The last reply is written. Messages that other clients cause would follow
     * it until it is sent. */
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        c->output.muted = true;
    resp_discard_read(&c->reader, &c->input);
    /* A client that is idle holds no buffers. */
    if (c->input.len == 0 && c->reader.args_left == 0) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
    if (c->output.pending > 0 || c->flags & CLIENT_CLOSE_AFTER_REPLY)
        connection_queue_flush(c);
}

/* The commands are in the input already, so no event would tell of them. */
void connection_resume(struct client *c, unsigned flags)
{
    c->flags &= ~flags;
    process_input(c);
}

static struct client *to_flush; /* linked by next_to_flush */

/* A client is flushed once a turn, however many commands it has sent: a
 * pipeline of 100 gets its replies with one system call. */
void connection_queue_flush(struct client *c)
{
    if (c->flags & CLIENT_FLUSH_QUEUED)
        return;
    c->flags |= CLIENT_FLUSH_QUEUED;
    c->next_to_flush = to_flush;
    to_flush = c;
}

/* Called by the loop, and may free the client. What can be sent waits for the
 * end of the turn, so that the replies to what is read now go with it. */
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
 * executed, and writable matters only while there is something to write, since
 * a socket nearly always is. */
static void watch(struct client *c)
{
    int events = 0;
    if (!(c->flags & (CLIENT_CLOSE_AFTER_REPLY | CLIENT_OUTPUT_FULL)))
        events |= EVENT_READABLE;
    if (c->output.pending > 0)
        events |= EVENT_WRITABLE;
    event_watch(c->fd, events, on_ready, c);
}

/* Sends what the socket takes. Frees the client if its connection is over. */
static void flush(struct client *c)
{
    if (c->output.over_limit) {
        log_write(
            LOG_WARNING,
            "Client id=%llu scheduled to be closed ASAP for overcoming of "
            "output buffer limits.",
            (unsigned long long)c->id);
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
    /* A client that sends nothing but reads, slowly, is not idle. */
    if (c->output.pending < pending)
        c->active_ms = clock_ticked_ms();
    if (c->output.pending < OUTPUT_FULL_BYTES / 2 &&
        c->flags & CLIENT_OUTPUT_FULL)
        connection_resume(c, CLIENT_OUTPUT_FULL);
    watch(c);
}

/* Takes a client that is about to be freed out of the queue. The search is
 * short: the queue holds those of one turn, and is empty after its end. */
static void leave_queue(struct client *c)
{
    if (!(c->flags & CLIENT_FLUSH_QUEUED))
        return;
    struct client **link = &to_flush;
    while (*link != c)
        link = &(*link)->next_to_flush;
    *link = c->next_to_flush;
}

void connection_flush_queued(void)
{
    /* Flushing may queue others, and this client again. */
    while (to_flush) {
        struct client *c = to_flush;
        to_flush = c->next_to_flush;
        c->flags &= ~(unsigned)CLIENT_FLUSH_QUEUED;
        flush(c);
    }
}

void connection_set_execute(client_fn *fn)
{
    execute = fn;
    client_on_free(leave_queue);
}

void connection_open(int fd, unsigned flags)
{
    struct client *c = client_create(fd, flags);
    c->output.limit = &net_settings.output_max_bytes;
    watch(c);
}
