/* kqueue_shim: kqueue(2) for sockets and pipes, on top of epoll(7).
 *
 * A queue is an epoll descriptor. epoll knows one mask per descriptor where
 * kqueue knows two filters, so a table by descriptor holds which filters are
 * registered and enabled. As with a real kqueue, closing a descriptor forgets
 * its filters: epoll does so, and the table learns of it from ENOENT.
 *
 * What differs: a descriptor can be in one queue only, a child inherits the
 * queue, fflags stays 0 (asking for a socket's error would clear it), and
 * flags beyond those of the header are refused (EINVAL), not ignored. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/ioctl.h>

enum {
    BATCH_MAX = 512,
    KNOWN_FLAGS = EV_ADD | EV_DELETE | EV_ENABLE | EV_DISABLE
};

/* The two filters, as indices. */
enum { READ, WRITE, FILTERS };

struct watch {
    bool registered[FILTERS];
    bool enabled[FILTERS];
    void *udata[FILTERS];
    unsigned mask; /* what epoll was told; 0 while it does not know the fd */
};

static struct watch *watches; /* by descriptor */
static size_t watch_count;

int kqueue(void)
{
    return epoll_create1(EPOLL_CLOEXEC);
}

/* The entry of a descriptor; NULL when there is no memory for it. */
static struct watch *find_watch(size_t fd)
{
    if (fd >= watch_count) {
        size_t count = fd * 2 + 64;
        struct watch *grown = realloc(watches, count * sizeof *watches);
        if (!grown)
            return NULL;
        memset(grown + watch_count, 0, (count - watch_count) * sizeof *watches);
        watches = grown;
        watch_count = count;
    }
    return &watches[fd];
}

static unsigned wanted_mask(const struct watch *w)
{
    unsigned mask = 0;
    if (w->registered[READ] && w->enabled[READ])
        mask |= EPOLLIN | EPOLLRDHUP;
    if (w->registered[WRITE] && w->enabled[WRITE])
        mask |= EPOLLOUT;
    return mask;
}

/* Tells epoll what the entry wants by now. Returns 0 or an errno; ENOENT means
 * that the descriptor was closed since epoll was told of it. */
static int tell_epoll(int queue, int fd, struct watch *w)
{
    unsigned mask = wanted_mask(w);
    struct epoll_event event = {.events = mask, .data = {.fd = fd}};
    int how = !mask ? EPOLL_CTL_DEL : w->mask ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (how == EPOLL_CTL_DEL && !w->mask)
        return 0;
    if (epoll_ctl(queue, how, fd, &event) != 0)
        return errno;
    w->mask = mask;
    return 0;
}

/* Registers a filter, which also enables it. */
static int add_filter(int queue, const struct kevent *change, struct watch *w,
                      int filter)
{
    struct watch before = *w;
    w->registered[filter] = true;
    w->enabled[filter] = true;
    w->udata[filter] = change->udata;
    int error = tell_epoll(queue, (int)change->ident, w);
    if (error == ENOENT) { /* the number is used anew: start from nothing */
        memset(w, 0, sizeof *w);
        w->registered[filter] = w->enabled[filter] = true;
        w->udata[filter] = change->udata;
        error = tell_epoll(queue, (int)change->ident, w);
        memset(&before, 0, sizeof before);
    }
    if (error)
        *w = before;
    return error;
}

/* Makes one change. Returns 0 or an errno. */
static int apply_change(int queue, const struct kevent *change)
{
    int filter = change->filter == EVFILT_READ ? READ : WRITE;
    if ((change->filter != EVFILT_READ && change->filter != EVFILT_WRITE) ||
        (change->flags & ~KNOWN_FLAGS))
        return EINVAL;
    if (change->ident > INT_MAX)
        return EBADF;
    struct watch *w = find_watch(change->ident);
    if (!w)
        return ENOMEM;
    if (change->flags & EV_ADD) {
        int error = add_filter(queue, change, w, filter);
        if (error)
            return error;
    } else if (!w->registered[filter]) {
        return ENOENT;
    }
    if (change->flags & EV_DELETE)
        w->registered[filter] = false;
    if (change->flags & EV_DISABLE)
        w->enabled[filter] = false;
    if (change->flags & EV_ENABLE)
        w->enabled[filter] = true;
    int error = tell_epoll(queue, (int)change->ident, w);
    if (error == ENOENT)
        memset(w, 0, sizeof *w);
    return error;
}

static bool is_wanted(const struct watch *w, int filter)
{
    return w->registered[filter] && w->enabled[filter];
}

/* Fills in what a filter found out about its descriptor. */
static void describe(struct kevent *event, int fd, int filter, unsigned found)
{
    EV_SET(event, fd, filter == READ ? EVFILT_READ : EVFILT_WRITE, 0, 0, 0,
           watches[fd].udata[filter]);
    unsigned gone = EPOLLHUP | EPOLLERR | (filter == READ ? EPOLLRDHUP : 0);
    if (found & gone)
        event->flags |= EV_EOF;
    int bytes = 0;
    if (filter == READ && ioctl(fd, FIONREAD, &bytes) == 0)
        event->data = bytes;
}

/* Waits, and turns each descriptor that is ready into one event or two. One
 * that finds no room is still ready the next time. */
static int collect(int queue, struct kevent *events, int max, int timeout_ms)
{
    struct epoll_event ready[BATCH_MAX];
    int room = (max + 1) / 2 < BATCH_MAX ? (max + 1) / 2 : BATCH_MAX;
    int count = epoll_wait(queue, ready, room, timeout_ms);
    int filled = 0;
    for (int i = 0; i < count; i++) {
        int fd = ready[i].data.fd;
        unsigned found = ready[i].events;
        unsigned ends = EPOLLHUP | EPOLLERR;
        if ((found & (EPOLLIN | EPOLLRDHUP | ends)) &&
            is_wanted(&watches[fd], READ) && filled < max)
            describe(&events[filled++], fd, READ, found);
        if ((found & (EPOLLOUT | ends)) && is_wanted(&watches[fd], WRITE) &&
            filled < max)
            describe(&events[filled++], fd, WRITE, found);
    }
    return count < 0 ? -1 : filled;
}

/* Rounds up, so that a wait is never shorter than asked for. */
static int milliseconds(const struct timespec *timeout)
{
    if (!timeout)
        return -1;
    long long ms = (long long)timeout->tv_sec * 1000 +
                   (timeout->tv_nsec + 999999) / 1000000;
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

int kevent(int queue, const struct kevent *changes, int change_count,
           struct kevent *events, int event_max, const struct timespec *timeout)
{
    int errors = 0;
    for (int i = 0; i < change_count; i++) {
        int error = apply_change(queue, &changes[i]);
        if (error && errors >= event_max) {
            errno = error;
            return -1;
        }
        if (error) {
            events[errors] = changes[i];
            events[errors].flags = EV_ERROR;
            events[errors++].data = error;
        }
    }
    if (errors || event_max == 0)
        return errors;
    return collect(queue, events, event_max, milliseconds(timeout));
}
