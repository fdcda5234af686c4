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
    READ_MORE_BYTES = 1024 * 1024, /* when a long argument is under way */
    INPUT_MAX_BYTES = 1024 * 1024 * 1024 /* then the client is too much */
};

static volatile sig_atomic_t stopping;
static volatile sig_atomic_t listening_socket = -1;
static volatile sig_atomic_t client_socket = -1;

/* A socket that is shut down wakes whoever waits for it, so it does not
 * matter at which instant the signal comes. */
static void stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    shutdown(listening_socket, SHUT_RDWR);
    if (client_socket >= 0)
        shutdown(client_socket, SHUT_RDWR);
}

/* SIGTERM and SIGINT end the loop. SIGPIPE is ignored: write(2) says as well
 * that the other end is gone, and only to the one who asked. */
static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
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
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return false;
    c->input.len += (size_t)got;
    if (c->input.len > INPUT_MAX_BYTES) {
        log_write(LOG_WARNING,
                  "Closing client that reached max query "
                  "buffer length: id=%llu",
                  (unsigned long long)c->id);
        return false;
    }
    return true;
}

/* Executes the commands that have arrived completely, in order. */
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
    /* A client that is idle holds no memory. */
    if (c->input.len == 0 && c->reader.args_left == 0) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
}

/* A conversation: read, execute what is complete, answer, until one of the
 * two has enough. */
static void serve(struct client *c, execute_fn *execute)
{
    while (!stopping && read_input(c)) {
        process_input(c, execute);
        if (output_send(&c->output, c->fd) != OUTPUT_DONE)
            break;
        if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
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
