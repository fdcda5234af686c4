#include "net/event_loop.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "net/timers.h"

enum { TURN_MAX_EVENTS = 1024 };

struct watcher {
    event_fn *fn;
    void *owner;
    int events; /* 0: nobody watches */
};

static struct watcher *watchers; /* one for each descriptor */
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
        int count = fd + 64;
        watchers = zrealloc(watchers, (size_t)count * sizeof *watchers);
        for (int i = watcher_count; i < count; i++)
            watchers[i] = (struct watcher){0};
        watcher_count = count;
    }
    struct watcher *w = &watchers[fd];
    if (w->events != events)
        backend_change(fd, w->events, events);
    *w = (struct watcher){.fn = fn, .owner = owner, .events = events};
}

void event_each_turn(void (*fn)(void))
{
    hooks_add(&turn_functions, fn);
}

/* Tells the watchers. One of them may end or replace the watch of another that
 * this turn has found ready too, so each is looked up when its time comes; or
 * it stops the loop. */
static void call_watchers(const struct event_ready *ready, int count)
{
    for (int i = 0; i < count && running; i++) {
        struct watcher w = watchers[ready[i].fd];
        int events = ready[i].events & w.events;
        if (events)
            w.fn(w.owner, events);
    }
}

/* One round: what was left to do, wait, who is ready, whose time has come. */
static void turn(void)
{
    static struct event_ready ready[TURN_MAX_EVENTS];
    for (int i = 0; i < turn_functions.count; i++)
        turn_functions.fn[i]();
    int count = backend_wait(timers_next_ms(), ready, TURN_MAX_EVENTS);
    clock_tick();
    call_watchers(ready, count);
    timers_run();
}

void event_loop_run(void)
{
    running = true;
    while (running)
        turn();
}

void event_loop_stop(void)
{
    running = false;
}
