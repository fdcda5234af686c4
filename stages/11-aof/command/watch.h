/* watch: WATCH and UNWATCH, for transactions that depend on what was read.
 *
 *   key "stock"   ann -> bob       each change of the key marks both
 *   key "price"   ann
 *
 *   client ann    stock, price
 *
 * A client reads some keys, decides what to write, and wants its EXEC to do
 * nothing if one of them was changed meanwhile. It locks no client out: a
 * change marks the clients that watch the key, and the EXEC of one that is
 * marked fails. It does not matter what the change was, and whose.
 *
 *   watch a key, or a change of one    O(clients that watch the key)
 *   a change while no client watches   a test */
#ifndef COMMAND_WATCH_H
#define COMMAND_WATCH_H

#include <stdbool.h>

#include "command/queue.h"

struct client;
struct db;

/* A client that watches a key, in the queue of all that watch a key of this
 * name, in any database. */
struct watch {
    struct place place;
    struct db *db;
    struct client *client;
    bool existed; /* when it began */
    struct watch *next; /* of the same client */
};

/* Returns where the client's first watch is kept: NULL if it has none. */
struct watch **watches_of(const struct client *c);

/* Returns whether a key has changed since the client watches it. */
bool watched_key_changed(struct client *c);

/* Ends all watches of a client, which is not marked any more. */
void unwatch_all(struct client *c);

/* Call it before the first client connects. */
void watch_open(void);

#endif
