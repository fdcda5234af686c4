/* epoll, the way of Linux. The kernel keeps the set of watched descriptors and
 * links those that become ready into a list, so a wait costs what is ready, not
 * what is watched. Each change of the set is a system call. What the functions
 * are for says common/event_backend.h. */
#include "common/event_backend.h"

#ifdef EVENT_BACKEND_EPOLL

#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH_MAX = 1024 };

const char backend_name[] = "epoll";

static int epoll_fd = -1;

void backend_open(void)
{
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
}

void backend_close(void)
{
    close(epoll_fd);
    epoll_fd = -1;
}

void backend_change(int fd, int watched, int wanted)
{
    struct epoll_event event = {.data = {.fd = fd}};
    if (wanted & EVENT_READABLE)
        event.events |= EPOLLIN;
    if (wanted & EVENT_WRITABLE)
        event.events |= EPOLLOUT;
    /* The set holds each descriptor once: adding one again is an error. */
    int change = wanted == 0    ? EPOLL_CTL_DEL
                 : watched == 0 ? EPOLL_CTL_ADD
                                : EPOLL_CTL_MOD;
    epoll_ctl(epoll_fd, change, fd, &event);
}

int backend_wait(int64_t timeout_ms, struct event_ready *ready, int max)
{
    static struct epoll_event events[BATCH_MAX];
    int count = epoll_wait(epoll_fd, events, max < BATCH_MAX ? max : BATCH_MAX,
                           (int)timeout_ms);
    for (int i = 0; i < count; i++) {
        /* An error is reported as both: the read or write says which it is. */
        unsigned found = events[i].events;
        ready[i].fd = events[i].data.fd;
        ready[i].events = 0;
        if (found & (EPOLLIN | EPOLLERR | EPOLLHUP))
            ready[i].events |= EVENT_READABLE;
        if (found & (EPOLLOUT | EPOLLERR | EPOLLHUP))
            ready[i].events |= EVENT_WRITABLE;
    }
    return count > 0 ? count : 0; /* -1: a signal came first */
}

#endif
