/* zset_store: stores what a command has computed as a sorted set. */
#ifndef MORE_COMMAND_ZSET_STORE_H
#define MORE_COMMAND_ZSET_STORE_H

#include "store/entry.h"

struct client;

/* Stores a sorted set that no database has under its key, whatever that held,
 * reports the change by its event name, and replies with its length. An empty
 * one is freed, and deletes the key. */
void store_zset_and_reply(struct client *c, struct entry *result,
                          const char *event);

#endif
