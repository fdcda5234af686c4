/* The heap is an array: the children of place i are at 2i + 1 and 2i + 2.
 *
 *   heap    [ 3 | 8 | 5 | 12 | 9 | 7 ]
 *   place     0   1   2   3    4   5
 *
 * A timer knows its place, so that it can be cancelled without a search. */
#include "net/timers.h"

#include <limits.h>
#include <stddef.h>

#include "common/clock.h"
#include "common/zmalloc.h"

#define DELAY_MAX_MS (INT64_MAX / 2000) /* 146,000 years */

struct timer {
    int64_t due_us; /* on the monotonic clock */
    size_t place; /* in the heap: heap[place] is this timer */
    timer_fn *fn;
    void *owner;
};

static struct timer **heap;
static size_t count;
static size_t capacity;

/* Returns when a timer is due that is called after delay_ms. The delay may come
 * from a client and be any number: it is cut so that the sum cannot
 * overflow. */
static int64_t due_after(int64_t delay_ms)
{
    if (delay_ms > DELAY_MAX_MS)
        delay_ms = DELAY_MAX_MS;
    return monotonic_us() + (delay_ms > 0 ? delay_ms : 0) * 1000;
}

/* Puts a timer into a place of the heap. */
static void put(size_t place, struct timer *t)
{
    heap[place] = t;
    t->place = place;
}

/* Moves a timer to where it belongs: towards the top as long as it is due
 * before its parent, or down as long as a child of it is due before. At most
 * one of the two loops moves it. The others step aside one by one, and the
 * timer itself is put down at the end. */
static void settle(struct timer *t)
{
    size_t place = t->place;
    while (place > 0 && heap[(place - 1) / 2]->due_us > t->due_us) {
        put(place, heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (;;) {
        size_t child = place * 2 + 1;
        if (child + 1 < count && heap[child + 1]->due_us < heap[child]->due_us)
            child++;
        if (child >= count || heap[child]->due_us >= t->due_us)
            break;
        put(place, heap[child]);
        place = child;
    }
    put(place, t);
}

/* A timer is an allocation of its own, so its address stays the same while the
 * heap grows and moves. */
struct timer *timer_start(int64_t delay_ms, timer_fn *fn, void *owner)
{
    if (count == capacity) {
        capacity = capacity ? capacity * 2 : 8;
        heap = zrealloc(heap, capacity * sizeof *heap);
    }
    struct timer *t = zmalloc(sizeof *t);
    *t = (struct timer){.due_us = due_after(delay_ms),
                        .place = count,
                        .fn = fn,
                        .owner = owner};
    heap[count++] = t;
    settle(t);
    return t;
}

void timer_cancel(struct timer *t)
{
    /* The array must have no gap: its last timer moves to the free place, and
     * from there up or down to where it belongs. */
    struct timer *last = heap[--count];
    if (last != t) {
        last->place = t->place;
        settle(last);
    }
    zfree(t);
}

void timers_run(void)
{
    /* A timer that is started or goes on in this loop is due at this moment or
     * later, whatever its delay: so no timer runs twice in a turn. */
    int64_t now_us = monotonic_us();
    while (count > 0 && heap[0]->due_us < now_us) {
        struct timer *t = heap[0];
        int64_t again_ms = t->fn(t->owner);
        if (again_ms == TIMER_ENDS) {
            timer_cancel(t);
        } else {
            t->due_us = due_after(again_ms);
            settle(t);
        }
    }
}

int64_t timers_next_ms(void)
{
    if (count == 0)
        return -1;
    int64_t wait_us = heap[0]->due_us - monotonic_us();
    if (wait_us <= 0)
        return 0;
    /* Rounded up, since to wake too early is a turn for nothing. The backends
     * wait for an int of milliseconds at most. */
    int64_t wait_ms = (wait_us + 999) / 1000;
    return wait_ms < INT_MAX ? wait_ms : INT_MAX;
}

void timers_free(void)
{
    while (count > 0)
        timer_cancel(heap[count - 1]);
    zfree(heap);
    heap = NULL;
    capacity = 0;
}
