/* Watchers stand in an array, one for each file descriptor: the kernel numbers
 * those from 0 and uses the lowest free one, so the array stays as short as the
 * most connections there were.
 *
 *   fd      0    1    2    3    4    5    6
 *         [    |    |    | R  | R  | RW |    ]      R, W: readable, writable
 *
 * watch: O(1). A turn costs what is ready, not what is watched. A function that
 * is called may watch, end or replace any watch, its own too: the array is
 * looked into again before each call, since it may have changed or moved. */
#include "net/event_loop.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "net/timers.h"

enum {
    TURN_MAX_EVENTS = 1024,
    SPARE_WATCHERS = 64, /* so that not every new descriptor grows the array */
};

struct watcher {
    event_fn *fn;
    void *owner;
    int events; /* 0: the descriptor is not watched */
};

static struct watcher *watchers; /* by descriptor */
static int watcher_count;
static struct hooks turn_functions;
static bool running;

void event_loop_open(void)
{
    backend_open();
    clock_tick();
}

void event_loop_close(void)
{
    backend_close();
    timers_free();
    zfree(watchers);
    watchers = NULL;
    watcher_count = 0;
}

void event_watch(int fd, int events, event_fn *fn, void *owner)
{
    if (fd >= watcher_count) {
        int count = fd + SPARE_WATCHERS;
        watchers = zrealloc(watchers, (size_t)count * sizeof *watchers);
        for (int i = watcher_count; i < count; i++)
            watchers[i] = (struct watcher){0};
        watcher_count = count;
    }
    /* A system call only for what changes: most turns ask for the same
     * again. */
    struct watcher *w = &watchers[fd];
    if (w->events != events)
        backend_change(fd, w->events, events);
    *w = (struct watcher){.fn = fn, .owner = owner, .events = events};
}

void event_each_turn(void (*fn)(void))
{
    hooks_add(&turn_functions, fn);
}

/* One round is a turn: what was prepared, wait, what is ready, what is due. A
 * function that stops the loop ends the turn, too. */
void event_loop_run(void)
{
    static struct event_ready ready[TURN_MAX_EVENTS];
    running = true;
    while (running) {
        for (int i = 0; i < turn_functions.count; i++)
            turn_functions.fn[i]();
        int count = backend_wait(timers_next_ms(), ready, TURN_MAX_EVENTS);
        clock_tick();
        for (int i = 0; i < count && running; i++) {
            /* A function called before may have ended or replaced the watch of
             * a descriptor that this turn has found ready, too. */
            struct watcher w = watchers[ready[i].fd];
            int events = ready[i].events & w.events;
            if (events)
                w.fn(w.owner, events);
        }
        if (running)
            timers_run();
    }
}

void event_loop_stop(void)
{
    running = false;
}
