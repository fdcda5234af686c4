/* lookup: keys that must hold a certain type. */
#ifndef COMMAND_LOOKUP_H
#define COMMAND_LOOKUP_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/entry.h"
#include "store/keyspace.h"

struct client;

/* Look up a key of the client's database. Reply with an error and return false
 * when it holds another type; otherwise *e is its entry, or NULL when the key is
 * missing. */
bool read_typed_or_reply(struct client *c, struct slice key, enum type type,
                         struct entry **e);
bool write_typed_or_reply(struct client *c, struct slice key, enum type type,
                          struct entry **e);

#endif
