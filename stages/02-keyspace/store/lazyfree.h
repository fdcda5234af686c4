/* lazyfree: memory that is given back in small steps.
 *
 * Freeing a million keys takes as long as adding them. What may be large is
 * taken out of the keyspace at once and put in a queue here; the server frees a
 * little of it whenever it has served its clients. */
#ifndef STORE_LAZYFREE_H
#define STORE_LAZYFREE_H

#include <stdbool.h>
#include <stddef.h>

struct dict;
struct entry;

/* Frees a part of what `owner` is; true when nothing of it is left. */
typedef bool free_step_fn(void *owner);

/* Queues anything that counts as so many objects. */
void lazyfree_queue(void *owner, free_step_fn *step, size_t objects);

/* Take over the nodes of the dict, or the entry. */
void lazyfree_dict(struct dict *d);
void lazyfree_entry(struct entry *e);

/* Frees a little; false when the queue is empty. */
bool lazyfree_step(void);

/* Frees all that is queued. */
void lazyfree_finish(void);

/* How many keys or elements still wait, and how many were freed here since the
 * start or the last CONFIG RESETSTAT. */
size_t lazyfree_pending(void);
size_t lazyfree_freed(void);
void lazyfree_reset_stats(void);

#endif
