/* lookup: keys that must hold a certain type. */
#ifndef COMMAND_LOOKUP_H
#define COMMAND_LOOKUP_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/entry.h"
#include "store/keyspace.h"

struct client;

/* Look a key of the client's database up. False when the client has been
 * answered, because the key holds another type; otherwise *e is the entry, or
 * NULL when there is none. */
bool read_typed(struct client *c, struct slice key, enum type type,
                struct entry **e);
bool write_typed(struct client *c, struct slice key, enum type type,
                 struct entry **e);

#endif
