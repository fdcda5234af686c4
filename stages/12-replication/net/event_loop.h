/* event_loop: one thread that waits for many things at once.
 *
 *        +--> wait until a socket is ready or a timer is due
 *        |        |
 *        |    call the function that watches each ready socket
 *        |        |
 *        |    call each timer that is due
 *        |        |
 *        +--- once a turn: what was prepared for later (flushing replies)
 *
 * That a socket is ready means that one read or write will not wait; it does
 * not mean that everything has arrived. Readiness is level-triggered: what a
 * watcher leaves unread is reported again in the next turn. No function called
 * from here may wait for anything. Each turn begins with a tick of the clock.
 * Knows neither clients nor what is read. */
#ifndef NET_EVENT_LOOP_H
#define NET_EVENT_LOOP_H

#include "common/event_backend.h" /* EVENT_READABLE, EVENT_WRITABLE */

typedef void event_fn(void *owner, int events);

/* Call it before anything is watched. */
void event_loop_open(void);

/* Frees what the loop holds; sockets stay as they are. */
void event_loop_close(void);

/* Calls fn(owner, events) when the socket is ready for one of `events`. Called
 * again it replaces what was asked before; events 0 ends it, and then fn is not
 * called any more, not even for what the current turn has found already. */
void event_watch(int fd, int events, event_fn *fn, void *owner);

/* Calls fn once a turn, before the loop waits. */
void event_each_turn(void (*fn)(void));

/* Turns until event_loop_stop is called. */
void event_loop_run(void);
void event_loop_stop(void);

#endif
