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
#include "net/traffic.h"

enum {
    LISTENERS_MAX = 17, /* 16 addresses and one path */
    ACCEPTS_PER_TURN = 1000,
    CRON_MS = 100,
    NO_FILES_RETRY_MS = 100,
    NO_FILES_LOG_MS = 60 * 1000,
    CHECKS_MIN = 5
};

struct listener {
    int fd;
    unsigned client_flags;
};

static struct listener listeners[LISTENERS_MAX];
static int listener_count;
static bool (*open_listeners)(void);
static accept_fn *check_connection;
static int stop_pipe[2] = {-1, -1};
static int64_t logged_no_files_ms;
static struct client *next_to_check; /* NULL: the first */

void server_listen_with(bool (*fn)(void))
{
    open_listeners = fn;
}

void server_check_connection(accept_fn *fn)
{
    check_connection = fn;
}

/* Makes it one that never blocks and that no child inherits. */
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

/* The one thing a signal handler may do here: write to a pipe that the event
 * loop watches. */
static void on_signal(int signal_number)
{
    int reason = errno;
    char byte = (char)signal_number;
    if (write(stop_pipe[1], &byte, 1) < 0) {
        /* the pipe is full: it was told to stop often enough */
    }
    errno = reason;
}

/* A signal came: its number is the byte in the pipe. */
static void on_stop_pipe(void *owner, int events)
{
    (void)owner, (void)events;
    char signal_number;
    if (read(stop_pipe[0], &signal_number, 1) == 1)
        log_write(LOG_WARNING, "Received %s scheduling shutdown...",
                  signal_number == SIGINT ? "SIGINT" : "SIGTERM");
    server_stop();
}

/* Lets signals that ask for the end stop the loop; others must not end it. */
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
    return true;
}

/* Why the connection is refused: the line that it is sent, or NULL. */
static const char *refusal(int fd, const struct listener *from)
{
    if (client_count() >= net_settings.max_clients)
        return "-ERR max number of clients reached\r\n";
    return check_connection ? check_connection(fd, from->client_flags) : NULL;
}

/* Makes a client of a new connection, or refuses it. */
static void accept_client(int fd, const struct listener *from)
{
    int yes = 1;
    const char *line = refusal(fd, from);
    traffic_report(TRAFFIC_ACCEPTED, 0);
    if (line) {
        if (write(fd, line, strlen(line)) < 0) {
            /* the close will say it */
        }
        traffic_report(TRAFFIC_REJECTED, 0);
        close(fd);
        return;
    }
    prepare_descriptor(fd);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (net_settings.keepalive_s)
        socket_set_keepalive(fd, net_settings.keepalive_s);
    connection_open(fd, from->client_flags);
}

static void on_connection(void *owner, int events);

/* Watches all listeners, at the start and after a pause. */
static int64_t accept_again(void *owner)
{
    (void)owner;
    for (int i = 0; i < listener_count; i++)
        event_watch(listeners[i].fd, EVENT_READABLE, on_connection,
                    &listeners[i]);
    return TIMER_ENDS;
}

/* Without descriptors the next connection can only wait in the queue. Looking
 * at it again and again would take the time from those who are served. */
static void pause_accepting(void)
{
    int64_t now_ms = clock_ticked_ms();
    if (!logged_no_files_ms || now_ms - logged_no_files_ms > NO_FILES_LOG_MS)
        log_write(LOG_WARNING, "Accepting client connection: %s",
                  strerror(errno));
    logged_no_files_ms = now_ms;
    for (int i = 0; i < listener_count; i++)
        event_watch(listeners[i].fd, 0, NULL, NULL);
    timer_start(NO_FILES_RETRY_MS, accept_again, NULL);
}

/* Accepts those who wait, but not so many that others have to wait. */
static void on_connection(void *owner, int events)
{
    (void)events;
    const struct listener *from = owner;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept(from->fd, NULL, NULL);
        if (fd >= 0)
            accept_client(fd, from);
        else if (errno == EMFILE || errno == ENFILE) {
            pause_accepting();
            return;
        } else if (errno != EINTR && errno != ECONNABORTED)
            return; /* EAGAIN: all are in */
    }
}

/* Listens on the one address of the settings. */
static bool listen_on_address(void)
{
    const char *reason;
    int fd = listen_tcp(net_settings.bind, (int)net_settings.port,
                        (int)net_settings.backlog, &reason);
    if (fd >= 0)
        server_add_listener(fd, 0);
    else
        log_write(LOG_WARNING,
                  "Warning: Could not create server TCP listening socket "
                  "%s:%d: bind: %s",
                  net_settings.bind, (int)net_settings.port, reason);
    return fd >= 0;
}

bool server_open(void)
{
    if (!settings_fit_clients())
        return false;
    event_loop_open();
    return (open_listeners ? open_listeners() : listen_on_address()) &&
           catch_signals();
}

/* Closes clients that were silent for longer than `timeout`. Each call looks at
 * a tenth of all clients, so that many of them do not make it long. */
static void close_idle_clients(void)
{
    int64_t checks = client_count() / (1000 / CRON_MS) + CHECKS_MIN;
    int64_t limit_ms = net_settings.timeout_s * 1000;
    struct client *c = next_to_check ? next_to_check : client_first();
    while (limit_ms && checks-- > 0 && c) {
        struct client *next = c->next;
        if (!(c->flags & CLIENT_MAY_IDLE) &&
            clock_ticked_ms() - c->active_ms > limit_ms) {
            log_write(LOG_VERBOSE, "Closing idle client");
            client_free(c);
        }
        c = next;
    }
    next_to_check = c;
}

/* What is done ten times a second. */
static int64_t cron(void *owner)
{
    (void)owner;
    close_idle_clients();
    return CRON_MS;
}

/* Any client may be closed at any time, the next one to look at among them. */
static void skip_closed(struct client *c)
{
    if (c == next_to_check)
        next_to_check = c->next;
}

/* What was executed is answered as far as the sockets take it. */
static void close_all(void)
{
    connection_flush_queued();
    while (client_first())
        client_free(client_first());
    for (int i = 0; i < listener_count; i++)
        close(listeners[i].fd);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
    event_loop_close();
}

void server_run(client_fn *execute)
{
    connection_set_execute(execute);
    client_on_free(skip_closed);
    accept_again(NULL);
    event_each_turn(connection_flush_queued);
    timer_start(CRON_MS, cron, NULL);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    close_all();
    log_write(LOG_WARNING, "Bye bye...");
}

void server_stop(void)
{
    event_loop_stop();
}
