/* event_backend: how the operating system tells which sockets are ready.
 *
 *   epoll   Linux; a change is a call, a wait costs what is ready
 *   kqueue  macOS and the BSDs; the same
 *   poll    everywhere; a wait costs what is watched
 *
 * One of them is chosen when the program is built. */
#ifndef COMMON_EVENT_BACKEND_H
#define COMMON_EVENT_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#if !defined(EVENT_BACKEND_EPOLL) && !defined(EVENT_BACKEND_KQUEUE) && \
    !defined(EVENT_BACKEND_POLL)
#if defined(__linux__)
#define EVENT_BACKEND_EPOLL
#elif defined(__APPLE__) || defined(__FreeBSD__) || defined(__OpenBSD__) || \
    defined(__NetBSD__)
#define EVENT_BACKEND_KQUEUE
#else
#define EVENT_BACKEND_POLL
#endif
#endif

enum { EVENT_READABLE = 1, EVENT_WRITABLE = 2 };

struct event_ready {
    int fd;
    int events; /* EVENT_READABLE, EVENT_WRITABLE; on errors what is
                   watched, or both */
};

extern const char backend_name[];

void backend_open(void);
void backend_close(void);

/* Watches fd for `wanted` instead of `watched`; either may be 0. */
void backend_change(int fd, int watched, int wanted);

/* Waits up to timeout_ms, or forever when it is negative, and writes at most
 * `max` ready sockets. Returns how many; 0 also after a signal. */
int backend_wait(int64_t timeout_ms, struct event_ready *ready, int max);

#endif
