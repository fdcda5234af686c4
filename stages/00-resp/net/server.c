#include "net/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"

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

/* A conversation: read, execute what is complete, answer, until one of the
 * two has enough. */
static void serve(struct client *c, execute_fn *execute)
{
    while (!stopping && client_read(c)) {
        client_process(c, execute);
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
