/* event_kqueue: readiness from kqueue, on macOS and the BSDs. */
#include "event_backend.h"

#ifdef EVENT_BACKEND_KQUEUE

#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#include <unistd.h>

enum { BATCH_MAX = 1024 };

const char backend_name[] = "kqueue";

static int queue = -1;

void backend_open(void)
{
    queue = kqueue();
}

void backend_close(void)
{
    close(queue);
    queue = -1;
}

/* A filter of kqueue is one direction, so a change is up to two of them. */
static int add_change(struct kevent *changes, int count, int fd, int filter,
                      int watched, int wanted)
{
    if (!watched == !wanted)
        return count;
    EV_SET(&changes[count], fd, filter, wanted ? EV_ADD : EV_DELETE, 0, 0,
           NULL);
    return count + 1;
}

void backend_change(int fd, int watched, int wanted)
{
    struct kevent changes[2];
    int count = 0;
    count = add_change(changes, count, fd, EVFILT_READ,
                       watched & EVENT_READABLE, wanted & EVENT_READABLE);
    count = add_change(changes, count, fd, EVFILT_WRITE,
                       watched & EVENT_WRITABLE, wanted & EVENT_WRITABLE);
    kevent(queue, changes, count, NULL, 0, NULL);
}

int backend_wait(int64_t timeout_ms, struct event_ready *ready, int max)
{
    static struct kevent events[BATCH_MAX];
    struct timespec timeout = {.tv_sec = timeout_ms / 1000,
                               .tv_nsec = timeout_ms % 1000 * 1000000};
    int count =
        kevent(queue, NULL, 0, events, max < BATCH_MAX ? max : BATCH_MAX,
               timeout_ms < 0 ? NULL : &timeout);
    for (int i = 0; i < count; i++) {
        ready[i].fd = (int)events[i].ident;
        ready[i].events =
            events[i].filter == EVFILT_READ ? EVENT_READABLE : EVENT_WRITABLE;
    }
    return count > 0 ? count : 0;
}

#endif
