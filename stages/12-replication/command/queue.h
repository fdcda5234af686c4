/* queue: who waits for something, in order of arrival.
 *
 *   dict of keys    "jobs"  first -> [ ann ] <-> [ bob ] <- last
 *                   "mail"  first -> [ ann ] <- last
 *
 * A queue may have a name: that of a key for which clients wait, or that of a
 * channel to which they are subscribed. A place in a queue is a part of what
 * waits, so to join and to leave allocates nothing, and both are O(1). What
 * waits in several queues has a place for each. */
#ifndef COMMAND_QUEUE_H
#define COMMAND_QUEUE_H

#include "store/dict.h"

struct place {
    struct queue *queue; /* NULL: it is in none */
    void *owner; /* what waits */
    struct place *previous, *next;
};

struct queue {
    struct dict_node node; /* first: of the dict of all that have names */
    struct slice name; /* its bytes are behind the caller's struct */
    struct place *first, *last;
    size_t length;
};

/* Returns the queue of that name, which is created if it is missing: `size`
 * bytes, of which the queue is the first part and the others are zero. */
struct queue *queue_open(struct dict *queues, struct slice name, size_t size);

/* Frees a queue, which must be empty. */
void queue_close(struct dict *queues, struct queue *q);

/* Puts a place at the end of a queue. */
void queue_join(struct queue *q, struct place *p, void *owner);

/* Takes a place out of its queue. */
void queue_leave(struct place *p);

#endif
