/* shim: the calls of POSIX that wasi-libc lacks, for a stage in a page.
 *
 *     stage      socket, accept, poll, fork ...     open, write, rename ...
 *     shim.c            |                                  |
 *     imports      page.accept ...              wasi_snapshot_preview1
 *     system.js    descriptors: streams, listeners, files
 *
 * The page is the kernel: descriptors live there, also those of files, so that
 * a copy of the process shares them, and the sockets of two servers can be
 * joined. Here is what the page should not know: the layout of structs, and
 * that a call waits. Only park() and fork() leave the module while it has work
 * left: asyncify saves the stack, and restores it when the page goes on. An
 * import returns a result, or an error of WASI negated.
 *
 * Knows of no stage. Signals run between two parts of the work, never within
 * one. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#define PAGE(name) __attribute__((import_module("page"), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

/* What park waits for, beside its time. */
enum park_reason { PARK_EVENT, PARK_SLEEP, PARK_CHILD };

PAGE("park") int page_park(double timeout_ms, enum park_reason reason);
PAGE("fork") int page_fork(void);
PAGE("wait") int page_wait(int pid, int *status);
PAGE("kill") int page_kill(int pid, int number);
PAGE("self") int page_self(void);
PAGE("socket") int page_socket(int family);
PAGE("bind") int page_bind(int fd, const char *host, int port);
PAGE("listen") int page_listen(int fd);
PAGE("accept") int page_accept(int fd);
PAGE("connect") int page_connect(int fd, const char *host, int port);
PAGE("port") int page_port(int fd, int of_peer);
PAGE("ready") int page_ready(struct pollfd *watches, int count);
PAGE("blocks") int page_blocks(int fd);
PAGE("pipe") int page_pipe(int ends[2]);
PAGE("dup") int page_dup(int fd, int as);

/* Where asyncify saves the stack: the place of its next byte, and the end. */
static char saved_stack[64 * 1024];
static struct {
    char *next, *end;
} saved = {saved_stack, saved_stack + sizeof saved_stack};

EXPORT("page_stack") void *page_stack(void)
{
    saved.next = saved_stack;
    return &saved;
}

/* The result of an import as POSIX returns it. */
static int result_of(int value)
{
    if (value >= 0)
        return value;
    errno = -value;
    return -1;
}

int __main_void(void);

/* Runs the program in the directory that the page names. */
EXPORT("page_start") void page_start(void)
{
    const char *directory = getenv("PWD");
    if (directory)
        chdir(directory);
    exit(__main_void());
}

/* --- time --- */

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    (void)left;
    page_park((double)time->tv_sec * 1e3 + (double)time->tv_nsec / 1e6,
              PARK_SLEEP);
    return 0;
}

/* --- processes and signals --- */

enum { SIGNALS_MAX = 65 };

static void (*handlers[SIGNALS_MAX])(int);

/* What SIG_IGN points to. */
void __SIG_IGN(int number)
{
    (void)number;
}

void (*signal(int number, void (*handler)(int)))(int)
{
    void (*before)(int) = handlers[number];
    handlers[number] = handler;
    return before;
}

int sigaction(int number, const struct sigaction *action,
              struct sigaction *before)
{
    if (before)
        *before = (struct sigaction){.sa_handler = handlers[number]};
    if (action)
        handlers[number] = action->sa_handler;
    return 0;
}

/* Delivers a signal. Returns false if the process has no handler: what happens
 * then is up to the page. */
EXPORT("page_signal") int page_signal(int number)
{
    void (*handler)(int) = handlers[number];
    if (handler == SIG_DFL)
        return 0;
    if (handler != SIG_IGN)
        handler(number);
    return 1;
}

int kill(pid_t pid, int number)
{
    return result_of(page_kill(pid, number));
}

pid_t fork(void)
{
    return result_of(page_fork());
}

pid_t getpid(void)
{
    return page_self();
}

pid_t setsid(void)
{
    return page_self();
}

pid_t waitpid(pid_t pid, int *status, int options)
{
    int code;
    int found;
    while ((found = page_wait(pid, &code)) == 0 && !(options & WNOHANG))
        page_park(-1, PARK_CHILD);
    if (found > 0 && status)
        *status = code;
    return result_of(found);
}

int getrlimit(int resource, struct rlimit *limit)
{
    (void)resource;
    *limit = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
    return 0;
}

int setrlimit(int resource, const struct rlimit *limit)
{
    (void)resource, (void)limit;
    return 0;
}

int getrusage(int who, struct rusage *usage)
{
    int64_t used_us = who == RUSAGE_SELF ? (int64_t)(now_ms() * 1e3) : 0;
    *usage = (struct rusage){0};
    usage->ru_utime.tv_sec = used_us / 1000000;
    usage->ru_utime.tv_usec = used_us % 1000000;
    return 0;
}

/* --- files --- */

int chmod(const char *path, mode_t mode)
{
    (void)path, (void)mode;
    return 0;
}

int fchmod(int fd, mode_t mode)
{
    (void)fd, (void)mode;
    return 0;
}

/* Opens a new file; the last six characters of `path` become its number. */
int mkstemp(char *path)
{
    static unsigned number;
    char *end = path + strlen(path) - 6;
    int fd;
    do {
        snprintf(end, 7, "%06u", ++number % 1000000);
        fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
    } while (fd < 0 && errno == EEXIST);
    return fd;
}

int pipe(int ends[2])
{
    return result_of(page_pipe(ends));
}

int dup(int fd)
{
    return result_of(page_dup(fd, -1));
}

int dup2(int fd, int as)
{
    return result_of(page_dup(fd, as));
}

/* --- sockets --- */

int socket(int family, int type, int protocol)
{
    (void)type, (void)protocol;
    return result_of(page_socket(family));
}

/* The port of an address; writes its host, which has INET_ADDRSTRLEN bytes. */
static int read_address(const struct sockaddr *address, char *host)
{
    struct sockaddr_in in4;
    if (address->sa_family != AF_INET)
        return -1;
    memcpy(&in4, address, sizeof in4);
    inet_ntop(AF_INET, &in4.sin_addr, host, INET_ADDRSTRLEN);
    return ntohs(in4.sin_port);
}

int bind(int fd, const struct sockaddr *address, socklen_t len)
{
    char host[INET_ADDRSTRLEN];
    int port = read_address(address, host);
    (void)len;
    return result_of(port < 0 ? -EAFNOSUPPORT : page_bind(fd, host, port));
}

int listen(int fd, int backlog)
{
    (void)backlog;
    return result_of(page_listen(fd));
}

int connect(int fd, const struct sockaddr *address, socklen_t len)
{
    char host[INET_ADDRSTRLEN];
    int port = read_address(address, host);
    (void)len;
    return result_of(port < 0 ? -EAFNOSUPPORT : page_connect(fd, host, port));
}

/* Every connection is one of this machine. */
static int write_address(int port, struct sockaddr *address, socklen_t *len)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (port < 0)
        return result_of(port);
    memcpy(address, &in4, *len < sizeof in4 ? *len : sizeof in4);
    *len = sizeof in4;
    return 0;
}

int getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
    return write_address(page_port(fd, true), address, len);
}

int getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
    return write_address(page_port(fd, false), address, len);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    (void)fd, (void)level, (void)name, (void)value, (void)len;
    return 0;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    (void)fd, (void)level, (void)name;
    memset(value, 0, *len);
    return 0;
}

int accept(int fd, struct sockaddr *address, socklen_t *len)
{
    int found;
    while ((found = page_accept(fd)) == -EAGAIN && page_blocks(fd))
        page_park(-1, PARK_EVENT);
    if (found >= 0 && address)
        write_address(page_port(found, true), address, len);
    return result_of(found);
}

/* Reads what is there into the parts; -EAGAIN if nothing is. */
static int read_parts(int fd, const struct iovec *parts, int count)
{
    size_t len;
    int error =
        __wasi_fd_read(fd, (const __wasi_iovec_t *)parts, (size_t)count, &len);
    return error ? -error : (int)len;
}

ssize_t recv(int fd, void *out, size_t len, int flags)
{
    struct iovec part = {out, len};
    int count;
    while ((count = read_parts(fd, &part, 1)) == -EAGAIN &&
           !(flags & MSG_DONTWAIT) && page_blocks(fd))
        page_park(-1, PARK_EVENT);
    return result_of(count);
}

ssize_t read(int fd, void *out, size_t len)
{
    return recv(fd, out, len, 0);
}

/* A page that does not take what it is sent is waited for. */
ssize_t write(int fd, const void *bytes, size_t len)
{
    __wasi_ciovec_t part = {bytes, len};
    size_t written;
    int error;
    while ((error = __wasi_fd_write(fd, &part, 1, &written)) == EAGAIN &&
           page_blocks(fd))
        page_park(-1, PARK_EVENT);
    return result_of(error ? -error : (int)written);
}

int poll(struct pollfd *watches, nfds_t count, int timeout_ms)
{
    double end_ms = now_ms() + timeout_ms;
    for (;;) {
        int found = page_ready(watches, (int)count);
        double left_ms = timeout_ms < 0 ? -1 : end_ms - now_ms();
        if (found || timeout_ms == 0 || (timeout_ms > 0 && left_ms <= 0))
            return found;
        page_park(left_ms, PARK_EVENT);
    }
}

/* --- names of hosts --- */

int getaddrinfo(const char *host, const char *service,
                const struct addrinfo *hints, struct addrinfo **found)
{
    struct {
        struct addrinfo info;
        struct sockaddr_in address;
    } * both;
    struct in_addr number = {htonl(
        hints && hints->ai_flags & AI_PASSIVE ? INADDR_ANY : INADDR_LOOPBACK)};
    bool is_v6 = host && strchr(host, ':'); /* socket() refuses it */
    if (host && !is_v6 && strcmp(host, "localhost") != 0 &&
        inet_pton(AF_INET, host, &number) != 1)
        return EAI_NONAME;
    both = calloc(1, sizeof *both);
    both->address =
        (struct sockaddr_in){.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(service)),
                             .sin_addr = number};
    both->info =
        (struct addrinfo){.ai_family = is_v6 ? AF_INET6 : AF_INET,
                          .ai_socktype = SOCK_STREAM,
                          .ai_addrlen = sizeof both->address,
                          .ai_addr = (struct sockaddr *)&both->address};
    *found = &both->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *found)
{
    free(found);
}

const char *gai_strerror(int error)
{
    (void)error;
    return "Name or service not known";
}
