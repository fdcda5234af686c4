/* sys/event.h: as much of BSD's kqueue(2) as an event loop needs, for Linux.
 *
 * It lets the kqueue backend be compiled and tested on a machine that has no
 * kqueue. See kqueue_shim.c for what differs from a real one. */
#ifndef SYS_EVENT_H
#define SYS_EVENT_H

#include <stdint.h>
#include <time.h>

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ENABLE 0x0004
#define EV_DISABLE 0x0008
#define EV_ERROR 0x4000 /* out: a change failed, data says why */
#define EV_EOF 0x8000 /* out: the other side is gone */

struct kevent {
    uintptr_t ident; /* a file descriptor */
    int16_t filter;
    uint16_t flags;
    uint32_t fflags;
    intptr_t data; /* out: bytes to read, or errno with EV_ERROR */
    void *udata; /* comes back with the event */
};

#define EV_SET(event, id, filt, flag, fflag, value, user) \
    do {                                                  \
        struct kevent *event_set = (event);               \
        event_set->ident = (uintptr_t)(id);               \
        event_set->filter = (int16_t)(filt);              \
        event_set->flags = (uint16_t)(flag);              \
        event_set->fflags = (uint32_t)(fflag);            \
        event_set->data = (intptr_t)(value);              \
        event_set->udata = (user);                        \
    } while (0)

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count,
           struct kevent *events, int event_max,
           const struct timespec *timeout);

#endif
