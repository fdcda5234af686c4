/* timers: what is to be done later.
 *
 *            3            a binary heap: a timer is due no later than the two
 *          /   \          below it, so the next one is always at the top.
 *         8     5
 *        / \   /          start, cancel: O(log n)    next: O(1)
 *      12   9 7
 *
 * They run on the monotonic clock: setting the date moves none of them. Knows
 * neither the loop nor what a timer does. */
#ifndef NET_TIMERS_H
#define NET_TIMERS_H

#include <stdint.h>

struct timer;

enum { TIMER_ENDS = -1 };

/* Returns after how many milliseconds it wants to be called again, or
 * TIMER_ENDS; then the timer is freed. */
typedef int64_t timer_fn(void *owner);

/* Calls fn(owner) after delay_ms. */
struct timer *timer_start(int64_t delay_ms, timer_fn *fn, void *owner);

/* Ends a timer that has not ended by itself; not from its own function. */
void timer_cancel(struct timer *t);

/* Calls those that are due, each once, however late it is. */
void timers_run(void);

/* Returns the milliseconds until the next one is due, or -1 without any. */
int64_t timers_next_ms(void);

/* Cancels all timers. */
void timers_free(void);

#endif
