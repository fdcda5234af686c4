/* accept, read, execute, write, and again from the beginning: each of these
 * calls blocks until the kernel has done it. That is why only one client is
 * served, and why a signal has to wake whichever call is waiting. */
#include "net/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"
#include "net/client.h"
#include "net/reply.h"

enum {
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* while a long argument arrives */
    INPUT_MAX_BYTES = 1024 * 1024 * 1024 /* read, but not parsed yet */
};

/* Shared with the signal handler. The sockets are -1 while there is none. */
static volatile sig_atomic_t stopping;
static volatile sig_atomic_t listening_socket = -1;
static volatile sig_atomic_t client_socket = -1;

/* Ends the loop. A call that waits for a socket returns when the socket is shut
 * down, and so does the next one: it does not matter when the signal comes. */
static void stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    shutdown(listening_socket, SHUT_RDWR);
    if (client_socket >= 0)
        shutdown(client_socket, SHUT_RDWR);
}

/* SIGTERM and SIGINT end the loop. SIGPIPE is ignored, because it would end the
 * process when a client closes early; write() returns an error then, too. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
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
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return false;
    c->input.len += (size_t)got;
    /* Arguments that were read completely do not count, as in Redis: a command
     * may be longer than the limit, what waits to be parsed may not. */
    if (c->input.len - c->reader.position > INPUT_MAX_BYTES) {
        log_write(LOG_WARNING,
                  "Closing client that reached max query "
                  "buffer length: id=%llu",
                  (unsigned long long)c->id);
        return false;
    }
    return true;
}

/* Executes the commands that have arrived completely, in order. A client may
 * send many before it reads a reply: their replies are sent together. */
static void process_input(struct client *c, execute_fn *execute)
{
    while (!(c->flags & CLIENT_CLOSE_AFTER_REPLY)) {
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
    }
    resp_discard_read(&c->reader, &c->input);
    /* A client that is idle holds no buffers. */
    if (c->input.len == 0 && c->reader.args_left == 0) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
}

/* Reads, executes what is complete and replies, until the client or the server
 * ends the conversation. */
static void serve(struct client *c, execute_fn *execute)
{
    while (!stopping && read_input(c)) {
        process_input(c, execute);
        if (output_send(&c->output, c->fd) != OUTPUT_DONE ||
            c->flags & CLIENT_CLOSE_AFTER_REPLY)
            break;
    }
}

void server_run(int listening, execute_fn *execute)
{
    listening_socket = listening;
    catch_signals();
    log_write(LOG_NOTICE, "Ready to accept connections");
    while (!stopping) {
        int fd = accept(listening, NULL, NULL);
        if (fd < 0) {
            if (!stopping && errno != EINTR && errno != ECONNABORTED)
                log_write(LOG_WARNING, "Accepting client connection: %s",
                          strerror(errno));
            continue;
        }
        /* Without it the kernel holds a short reply back for 40 ms, hoping for
         * more to send with it. */
        int yes = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        client_socket = fd;
        struct client *c = client_create(fd);
        serve(c, execute);
        client_socket = -1;
        client_free(c);
    }
    log_write(LOG_WARNING, "Received SIGTERM or SIGINT, bye bye...");
    close(listening);
}
