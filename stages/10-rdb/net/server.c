/* The parts of the server that are not about one client:
 *
 *   listeners    readable when a connection waits: accept it, or refuse it
 *   stop_pipe    readable when a signal came: stop the loop
 *   a timer      ten times a second: close clients that are silent too long
 *
 * A stop has an order: the turn ends, replies leave as far as the sockets take
 * them, clients are freed, listeners closed, and the loop is freed last, since
 * freeing a client ends its watch. Clients themselves are net/connection's. */
#include "net/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/socket.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "net/listener.h"
#include "net/settings.h"
#include "net/timers.h"

enum {
    LISTENERS_MAX = 17, /* 16 addresses and one path */
    ACCEPTS_PER_TURN = 1000, /* then the connected clients have their turn */
    IDLE_CHECK_MS = 100,
    IDLE_CHECKS_MIN = 5, /* clients that one check looks at */
    NO_FILES_RETRY_MS = 100,
    NO_FILES_LOG_MS = 60 * 1000
};

struct listener {
    int fd;
    unsigned client_flags; /* its clients begin with them */
};

static struct listener listeners[LISTENERS_MAX];
static int listener_count;
static bool (*open_listeners)(void); /* NULL: listen as the settings say */
static accept_fn *check_connection; /* NULL: accept all */
static int stop_pipe[2] = {-1, -1};
static int64_t logged_no_files_ms; /* 0: never */
static struct client *next_to_check; /* for being idle; NULL: the first */

void server_listen_with(bool (*fn)(void))
{
    open_listeners = fn;
}

void server_check_connection(accept_fn *fn)
{
    check_connection = fn;
}

static bool (*before_stop)(void); /* NULL: nothing is to be done */

void server_on_stop(bool (*fn)(void))
{
    before_stop = fn;
}

/* Sets that the descriptor never blocks and that no child process inherits it.
 * Every descriptor that the loop watches needs this: ready was true when the
 * kernel said so, and need not be any more when the call is made. */
static void prepare_descriptor(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void server_add_listener(int fd, unsigned client_flags)
{
    assert(listener_count < LISTENERS_MAX);
    prepare_descriptor(fd);
    listeners[listener_count++] = (struct listener){fd, client_flags};
}

/* Hands the signal to the loop. A handler interrupts the program anywhere, so
 * it may call very little; writing to a pipe that the loop watches is
 * allowed. */
static void on_signal(int signal_number)
{
    int reason = errno;
    char byte = (char)signal_number;
    if (write(stop_pipe[1], &byte, 1) < 0) {
        /* The pipe is full of signals that the loop has not read yet. */
    }
    errno = reason;
}

/* Stops the loop, which ends after its turn. The byte in the pipe is the number
 * of the signal. */
static void on_stop_pipe(void *owner, int events)
{
    (void)owner, (void)events;
    char signal_number;
    if (read(stop_pipe[0], &signal_number, 1) == 1)
        log_write(LOG_WARNING, "Received %s scheduling shutdown...",
                  signal_number == SIGINT ? "SIGINT" : "SIGTERM");
    if (!before_stop || before_stop())
        event_loop_stop();
    else
        log_write(LOG_WARNING,
                  "SIGTERM received but errors trying to shut down the server, "
                  "check the logs for more information");
}

/* SIGTERM and SIGINT stop the loop. SIGHUP is ignored, and so are two signals
 * that a write raises, so that it returns an error instead: SIGPIPE on a closed
 * connection, SIGXFSZ on a file that may not grow. */
static bool catch_signals(void)
{
    if (pipe(stop_pipe) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        prepare_descriptor(stop_pipe[i]);
    event_watch(stop_pipe[0], EVENT_READABLE, on_stop_pipe, NULL);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL);
    return true;
}

/* Makes a client of a new connection, or refuses it and closes it. To refuse it
 * the server has to accept it first: only then it can say why. */
static void accept_client(int fd, const struct listener *from)
{
    const char *refusal = NULL;
    if (client_count() >= net_settings.max_clients)
        refusal = "-ERR max number of clients reached\r\n";
    else if (check_connection)
        refusal = check_connection(fd, from->client_flags);
    traffic_report(TRAFFIC_ACCEPTED, 0);
    if (refusal) {
        traffic_report(TRAFFIC_REJECTED, 0);
        if (write(fd, refusal, strlen(refusal)) < 0) {
            /* The client is gone, or learns it from the close. */
        }
        close(fd);
        return;
    }
    prepare_descriptor(fd);
    /* Without it the kernel holds a short reply back for 40 ms, hoping for more
     * to send with it. */
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (net_settings.keepalive_s)
        socket_set_keepalive(fd, net_settings.keepalive_s);
    connection_open(fd, from->client_flags);
}

static void on_connection(void *owner, int events);

/* Watches all listeners: at the start, and as a timer after on_connection has
 * found no free descriptor. */
static int64_t watch_listeners(void *owner)
{
    (void)owner;
    for (int i = 0; i < listener_count; i++)
        event_watch(listeners[i].fd, EVENT_READABLE, on_connection,
                    &listeners[i]);
    return TIMER_ENDS;
}

/* Accepts the connections that wait at a listener, up to a bound: clients that
 * are connected wait meanwhile. What is left over is reported in the next
 * turn. */
static void on_connection(void *owner, int events)
{
    (void)events;
    const struct listener *from = owner;
    int fd = -1;
    for (int n = 0; n < ACCEPTS_PER_TURN; n++) {
        fd = accept(from->fd, NULL, NULL);
        if (fd >= 0)
            accept_client(fd, from);
        else if (errno != EINTR && errno != ECONNABORTED)
            break;
    }
    if (fd >= 0 || (errno != EMFILE && errno != ENFILE))
        return; /* EAGAIN: the queue is empty */
    /* Without a free descriptor the next connection stays in the queue, where
     * it would be reported in every turn: watch no listener for a while. */
    int64_t now_ms = clock_ticked_ms();
    if (!logged_no_files_ms || now_ms - logged_no_files_ms > NO_FILES_LOG_MS) {
        log_write(LOG_WARNING, "Accepting client connection: %s",
                  strerror(errno));
        logged_no_files_ms = now_ms;
    }
    for (int i = 0; i < listener_count; i++)
        event_watch(listeners[i].fd, 0, NULL, NULL);
    timer_start(NO_FILES_RETRY_MS, watch_listeners, NULL);
}

void server_close_listeners(void)
{
    for (int i = 0; i < listener_count; i++) {
        event_watch(listeners[i].fd, 0, NULL, NULL);
        close(listeners[i].fd);
    }
    listener_count = 0;
    timer_start(0, watch_listeners, NULL);
}

/* The child only closes its sockets. To end the watches would end the parent's:
 * the two share them. */
pid_t server_fork(void)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    for (int i = 0; i < listener_count; i++)
        close(listeners[i].fd);
    for (const struct client *c = client_first(); c; c = c->next)
        close(c->fd);
    log_settings.role = 'C';
    return 0;
}

bool server_open(void)
{
    if (!settings_fit_clients())
        return false;
    event_loop_open();
    if (!catch_signals())
        return false;
    if (open_listeners)
        return open_listeners();
    const char *reason;
    int fd = listen_tcp(net_settings.bind, (int)net_settings.port,
                        (int)net_settings.backlog, &reason);
    if (fd >= 0)
        server_add_listener(fd, 0);
    else
        log_write(LOG_WARNING,
                  "Warning: Could not create server TCP listening socket "
                  "%s:%d: %s%s",
                  net_settings.bind, (int)net_settings.port,
                  errno ? "bind: " : "", reason);
    return fd >= 0;
}

/* A timer: closes clients that were silent for longer than `timeout`. Each call
 * looks at a tenth of all clients, so that many of them do not make it long. */
static int64_t close_idle_clients(void *owner)
{
    (void)owner;
    int64_t limit_ms = net_settings.timeout_s * 1000;
    if (!limit_ms)
        return IDLE_CHECK_MS;
    int64_t checks = client_count() / (1000 / IDLE_CHECK_MS) + IDLE_CHECKS_MIN;
    struct client *c = next_to_check ? next_to_check : client_first();
    for (struct client *next; checks-- > 0 && c; c = next) {
        next = c->next;
        if (!(c->flags &
              (CLIENT_MAY_IDLE | CLIENT_BLOCKED | CLIENT_SUBSCRIBED)) &&
            clock_ticked_ms() - c->active_ms > limit_ms) {
            log_write(LOG_VERBOSE, "Closing idle client");
            client_free(c);
        }
    }
    next_to_check = c;
    return IDLE_CHECK_MS;
}

/* A client that is freed must not be the next one to look at: any command may
 * free any client between two calls of the timer. So next_to_check is NULL or
 * a client that is connected. */
static void skip_closed(struct client *c)
{
    if (c == next_to_check)
        next_to_check = c->next;
}

void server_run(client_fn *execute)
{
    connection_set_execute(execute);
    client_on_free(skip_closed);
    watch_listeners(NULL);
    event_each_turn(connection_flush_queued);
    timer_start(IDLE_CHECK_MS, close_idle_clients, NULL);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    /* Commands that were executed get their replies, as far as the sockets take
     * them: a client that does not read must not hold up the end. What clients
     * have sent behind them is not executed. */
    for (struct client *c = client_first(); c; c = c->next)
        c->flags |= CLIENT_CLOSE_AFTER_REPLY;
    connection_flush_queued();
    while (client_first())
        client_free(client_first());
    server_close_listeners();
    close(stop_pipe[0]);
    close(stop_pipe[1]);
    event_loop_close();
    log_write(LOG_WARNING, "Redis is now ready to exit, bye bye...");
}
