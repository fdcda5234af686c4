/* event_poll: readiness from poll, which any POSIX system has. */
#include "event_backend.h"

#ifdef EVENT_BACKEND_POLL

#include <poll.h>

#include "zmalloc.h"

const char backend_name[] = "poll";

/* What is watched, without gaps; places[fd] is where fd stands, or -1. */
static struct pollfd *watches;
static int *places;
static int watch_count;
static int capacity;

void backend_open(void)
{
}

void backend_close(void)
{
    zfree(watches);
    zfree(places);
    watches = NULL;
    places = NULL;
    watch_count = 0;
    capacity = 0;
}

/* Descriptors are small numbers, the smallest free one first: an array holds
 * where each one stands. */
static void make_room_for(int fd)
{
    int before = capacity;
    if (fd < capacity)
        return;
    capacity = fd + 64;
    watches = zrealloc(watches, (size_t)capacity * sizeof *watches);
    places = zrealloc(places, (size_t)capacity * sizeof *places);
    for (int i = before; i < capacity; i++)
        places[i] = -1;
}

/* The last watch takes the place of the one that ends. */
static void remove_watch(int fd)
{
    int place = places[fd];
    watches[place] = watches[--watch_count];
    places[watches[place].fd] = place;
    places[fd] = -1;
}

void backend_change(int fd, int watched, int wanted)
{
    make_room_for(fd);
    if (wanted == 0) {
        remove_watch(fd);
        return;
    }
    if (watched == 0) {
        places[fd] = watch_count++;
        watches[places[fd]].fd = fd;
    }
    struct pollfd *watch = &watches[places[fd]];
    watch->events = 0;
    if (wanted & EVENT_READABLE)
        watch->events |= POLLIN;
    if (wanted & EVENT_WRITABLE)
        watch->events |= POLLOUT;
}

int backend_wait(int64_t timeout_ms, struct event_ready *ready, int max)
{
    int left = poll(watches, (nfds_t)watch_count, (int)timeout_ms);
    int count = 0;
    for (int i = 0; i < watch_count && left > 0 && count < max; i++) {
        short found = watches[i].revents;
        if (!found)
            continue;
        left--;
        ready[count].fd = watches[i].fd;
        ready[count].events = 0;
        if (found & (POLLIN | POLLERR | POLLHUP))
            ready[count].events |= EVENT_READABLE;
        if (found & (POLLOUT | POLLERR | POLLHUP))
            ready[count].events |= EVENT_WRITABLE;
        count++;
    }
    return count;
}

#endif
