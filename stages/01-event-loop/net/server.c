#include "net/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "net/event_loop.h"
#include "net/listener.h"
#include "net/timers.h"

enum {
    LISTENERS_MAX = 17, /* 16 addresses and a Unix socket */
    ACCEPTS_PER_TURN = 1000,
    RESERVED_FILES = 32, /* for the log, files of data, pipes */
    CRON_MS = 100,
    NO_FILES_RETRY_MS = 100,
    NO_FILES_TELL_MS = 60 * 1000,
    CHECKS_MIN = 5
};

struct net_stats net_stats;

static struct listener listeners[LISTENERS_MAX];
static int listener_count;
static int stop_pipe[2] = {-1, -1};
static int64_t told_no_files_ms;
static struct client *next_to_resume; /* while clients resume, else NULL */
static struct client *next_to_check; /* NULL: the first */

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
        descriptor_prepare(stop_pipe[i]);
    event_watch(stop_pipe[0], EVENT_READABLE, on_stop_pipe, NULL);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    return true;
}

/* Sends one line to a connection that is not taken in, and closes it. */
static void turn_away(int fd, const char *line)
{
    if (write(fd, line, strlen(line)) < 0) {
        /* it will learn from the close */
    }
    net_stats.connections_rejected++;
    close(fd);
}

/* Whether protected mode keeps the connection out. */
static bool is_protected_from(int fd, const struct listener *from)
{
    return net_settings.protected_mode && !from->is_unix &&
           !socket_is_loopback(fd);
}

/* Makes a client of a new connection, or turns it away. */
static void take_in(int fd, const struct listener *from)
{
    net_stats.connections_received++;
    if (client_count() >= net_settings.max_clients) {
        turn_away(fd, "-ERR max number of clients reached\r\n");
        return;
    }
    if (is_protected_from(fd, from)) {
        turn_away(fd, "-DENIED Redis is running in protected mode because "
                      "protected mode is enabled and no password is set for "
                      "the default user. Connect from the loopback interface, "
                      "set a password, or set protected-mode to no.\r\n");
        return;
    }
    socket_prepare(fd, from->is_unix, net_settings.keepalive_s);
    client_create(fd, from->is_unix ? CLIENT_UNIX_SOCKET : 0);
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
    if (!told_no_files_ms || now_ms - told_no_files_ms > NO_FILES_TELL_MS)
        log_write(LOG_WARNING, "Accepting client connection: %s",
                  strerror(errno));
    told_no_files_ms = now_ms;
    for (int i = 0; i < listener_count; i++)
        event_watch(listeners[i].fd, 0, NULL, NULL);
    timer_start(NO_FILES_RETRY_MS, accept_again, NULL);
}

/* Takes in those who wait, but not so many that others have to. */
static void on_connection(void *owner, int events)
{
    (void)events;
    const struct listener *from = owner;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept(from->fd, NULL, NULL);
        if (fd >= 0)
            take_in(fd, from);
        else if (errno == EMFILE || errno == ENFILE) {
            pause_accepting();
            return;
        } else if (errno != EINTR && errno != ECONNABORTED)
            return; /* EAGAIN: all are in */
    }
}

bool server_adjust_open_files(int64_t max_clients, int64_t *granted)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)max_clients + RESERVED_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return true;
    struct rlimit raised = {.rlim_cur = wanted,
                            .rlim_max = limit.rlim_max > wanted ? limit.rlim_max
                                                                : wanted};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        return true;
    raised = (struct rlimit){limit.rlim_max, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
        limit.rlim_cur = limit.rlim_max;
    *granted = (int64_t)limit.rlim_cur - RESERVED_FILES;
    return *granted >= max_clients;
}

/* Fewer files than asked for: fewer clients, and it is said. */
static bool fit_open_files(void)
{
    int64_t granted;
    if (server_adjust_open_files(net_settings.max_clients, &granted))
        return true;
    if (granted < 1) {
        log_write(LOG_WARNING, "The limit of open files is too low to start.");
        return false;
    }
    log_write(LOG_WARNING,
              "You requested maxclients of %lld requiring at least %lld max "
              "file descriptors. maxclients has been reduced to %lld.",
              (long long)net_settings.max_clients,
              (long long)net_settings.max_clients + RESERVED_FILES,
              (long long)granted);
    net_settings.max_clients = granted;
    return true;
}

bool server_open(void)
{
    if (!fit_open_files())
        return false;
    event_loop_open();
    listener_count = listen_everywhere(listeners, LISTENERS_MAX);
    return listener_count > 0 && catch_signals();
}

/* Closes clients that said nothing for longer than `timeout`, and those that
 * do not take what was said to them. Each call looks at a tenth of all clients,
 * so that many of them do not make it long. */
static void look_after_clients(void)
{
    int64_t checks = client_count() / (1000 / CRON_MS) + CHECKS_MIN;
    int64_t limit_ms = net_settings.timeout_s * 1000;
    struct client *c = next_to_check ? next_to_check : client_first();
    while (checks-- > 0 && c) {
        struct client *next = c->next;
        if (limit_ms && !(c->flags & CLIENT_POSTPONED) &&
            clock_ticked_ms() - c->active_ms > limit_ms) {
            log_write(LOG_VERBOSE, "Closing idle client");
            client_free(c);
        } else {
            client_close_if_over_limit(c);
        }
        c = next;
    }
    next_to_check = c;
}

/* What is done ten times a second. */
static int64_t cron(void *owner)
{
    (void)owner;
    look_after_clients();
    return CRON_MS;
}

/* Any client may be closed at any time, the next one to look at among them. */
static void skip_closed(struct client *c)
{
    if (c == next_to_resume)
        next_to_resume = c->next;
    if (c == next_to_check)
        next_to_check = c->next;
}

void server_resume_postponed(void)
{
    for (struct client *c = client_first(); c; c = next_to_resume) {
        next_to_resume = c->next;
        if (c->flags & CLIENT_POSTPONED)
            client_resume(c);
    }
}

/* What was executed is answered as far as the sockets take it. */
static void close_all(void)
{
    client_flush_queued();
    while (client_first())
        client_free(client_first());
    for (int i = 0; i < listener_count; i++)
        listener_close(&listeners[i]);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
    event_loop_close();
}

void server_run(execute_fn *execute)
{
    client_set_execute(execute);
    client_on_free(skip_closed);
    accept_again(NULL);
    event_each_turn(client_flush_queued);
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
