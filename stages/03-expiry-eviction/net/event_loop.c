#include "net/event_loop.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/clock.h"
#include "common/zmalloc.h"
#include "net/event_backend.h"
#include "net/timers.h"

enum { TURN_MAX_EVENTS = 1024, TURN_FUNCTIONS_MAX = 8 };

struct watcher {
    event_fn *fn;
    void *owner;
    int events; /* 0: nobody watches */
};

static struct watcher *watchers; /* one for each descriptor */
static int watcher_count;
static void (*turn_functions[TURN_FUNCTIONS_MAX])(void);
static int turn_function_count;
static bool running;
static bool wait_not;

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
    turn_function_count = 0;
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
    turn_functions[turn_function_count++] = fn;
}

void event_do_not_wait(void)
{
    wait_not = true;
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
    for (int i = 0; i < turn_function_count; i++)
        turn_functions[i]();
    int64_t timeout_ms = wait_not ? 0 : timers_next_ms();
    wait_not = false;
    int count = backend_wait(timeout_ms, ready, TURN_MAX_EVENTS);
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

const char *event_backend_name(void)
{
    return backend_name;
}
