/* waiting: clients that wait until a key has what they ask for.
 *
 *   key "jobs"   ann -> bob            in order of arrival
 *   key "mail"   ann
 *
 *   client ann   timer, arguments, a place in each of the two queues
 *
 * A handler that finds nothing calls wait_for_keys, and does not reply.
 * Whenever one of the keys has been changed and the command that did so is
 * done, the clients in its queue are served one after the other, as long as
 * there is something for them: each by the function that its handler has named.
 * The first key that has something ends the wait for all of them, and so does
 * the time.
 *
 *   wait, or end a wait     O(1) for each key
 *   a change of a key       one search; nothing while no client waits
 *
 * Knows no type and no command. */
#ifndef COMMAND_WAITING_H
#define COMMAND_WAITING_H

#include <stdbool.h>
#include <stdint.h>

#include "command/queue.h"
#include "common/slice.h"
#include "net/client.h"
#include "store/entry.h"

/* Gives a client that waits what it asks for, if the key has that now: replies,
 * propagates what it does, and returns true. Else returns false, and the client
 * waits on. The client's arguments are those with which it began to wait. `e`
 * is NULL if the key is missing or holds another type. */
typedef bool serve_fn(struct client *c, struct slice key, struct entry *e);

/* What a client waits for. */
struct wait_args {
    int first; /* index of the first key among its arguments */
    int count; /* keys, which follow each other */
    enum type type; /* what a key must hold */
    int64_t timeout_ms; /* 0: it waits forever */
    serve_fn *serve;
};

/* A client that waits, and its places in the queues of the keys. */
struct waiter {
    struct client *client;
    struct timer *timer; /* NULL: it waits forever */
    struct wait_args args;
    int argc;
    struct slice *argv; /* behind the places, with their bytes */
    int count; /* of places */
    struct place places[];
};

/* Returns what the client waits for, or NULL. */
struct waiter *waiter_of(const struct client *c);

/* Lets the client wait. Its arguments are copied. */
void wait_for_keys(struct client *c, const struct wait_args *args);

/* Ends the wait of a client, which must wait and which was replied to. What it
 * has sent meanwhile is executed later in this turn. */
void wait_end(struct client *c);

/* Parses a timeout in seconds, which may have a fraction. Replies with an error
 * and returns false if it is invalid. */
bool timeout_or_reply(struct client *c, struct slice arg, int64_t *timeout_ms);

/* Serves the clients that wait for keys which were changed. Call it after each
 * command, when it has replied and was propagated. */
void waiting_serve(void);

/* Adds an observer: fn is called with each client that has waited, before what
 * it has sent meanwhile is executed. */
void waiting_on_end(client_fn *fn);

/* Call it before the first client connects. */
void waiting_open(void);

#endif
