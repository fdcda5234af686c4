/* zset_pop: what the commands share that take elements from sorted sets. */
#ifndef MORE_SORTED_SETS_COMMAND_ZSET_POP_H
#define MORE_SORTED_SETS_COMMAND_ZSET_POP_H

#include <stdbool.h>
#include <stddef.h>

#include "more/04-lists/command/multi_pop.h"
#include "store/zset.h"

struct client;

enum zset_end { ZSET_MIN, ZSET_MAX };

/* MIN and MAX. */
extern const struct choice zset_ends[];

/* Removes `count` elements from an end, which must be there, and replies with
 * them in the order in which they go, each as a pair of its own or not. */
void zset_pop_and_reply(struct client *c, struct slice key, struct entry *e,
                        enum zset_end end, size_t count, bool in_pairs);

/* Pops elements of a sorted set, and replies with the key and the elements.
 * Propagates it as ZPOPMIN or ZPOPMAX. */
void zset_pop_some(struct client *c, struct slice key, struct entry *e,
                   const struct pop_args *args);

/* Pops elements of the first key that has a sorted set. Returns false, without
 * a reply, if no key is there. */
bool zset_pop_first(struct client *c, const struct pop_args *args);

#endif
