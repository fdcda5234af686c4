/* lazyfree: frees what is large a little at a time.
 *
 *   lazyfree_entry --- small? ---> freed at once
 *                 \-- large? ----> queue of values ---\
 *   lazyfree_keys ---------------> queue of dicts -----+--> lazyfree_step
 *
 * To free a million fields takes a tenth of a second, in which no client would
 * be served. So a key is taken out of its database first, which is O(1), and
 * its value waits here for calls of lazyfree_step. (lazyfree.c in Redis, where
 * a thread does it.)
 *
 * Its memory is in use until then, but it is as good as free: eviction makes
 * steps before it evicts a key. Knows no timer. */
#ifndef STORE_LAZYFREE_H
#define STORE_LAZYFREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/dict.h"
#include "store/entry.h"

/* Frees an entry, which no dict has any more. Its value is freed in steps if it
 * is large. */
void lazyfree_entry(struct entry *e);

/* Takes all entries out of a dict of keys, and frees them in steps. The dict is
 * empty then, and may be used. */
void lazyfree_keys(struct dict *keys);

/* Frees a few hundred elements of what waits. Returns false if nothing does. */
bool lazyfree_step(void);

/* The keys whose values have been put off so far, and those of them that have
 * been freed. What is between waits. */
struct lazyfree {
    size_t put_off;
    size_t freed;
};
extern struct lazyfree lazyfree;

#endif
