/* zset_store: stores what a command has computed as a sorted set. */
#ifndef MORE_COMMAND_ZSET_STORE_H
#define MORE_COMMAND_ZSET_STORE_H

#include <stddef.h>

#include "common/slice.h"
#include "store/entry.h"

struct client;

/* Creates an empty sorted set, which no database has yet, for that many members
 * of at most that length. If they will not be packed, it is not packed from the
 * start, which is faster. */
struct entry *create_result(struct slice key, size_t count, size_t longest);

/* Stores a sorted set that no database has under its key, whatever that held,
 * reports the change by its event name, and replies with its length. An empty
 * one is freed, and deletes the key. */
void store_zset_and_reply(struct client *c, struct entry *result,
                          const char *event);

#endif
