/* lookup: keys that must hold a certain type.
 *
 * A handler that works on one type looks its key up here. The two functions
 * differ as lookup_read and lookup_write of store/keyspace.h do. */
#ifndef COMMAND_LOOKUP_H
#define COMMAND_LOOKUP_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/entry.h"
#include "store/keyspace.h"

struct client;

/* Look up a key in the client's database and return true; *e is its entry, or
 * NULL if the key is missing. Reply with an error and return false if the key
 * holds another type. */
bool read_typed_or_reply(struct client *c, struct slice key, enum type type,
                         struct entry **e);
bool write_typed_or_reply(struct client *c, struct slice key, enum type type,
                          struct entry **e);

#endif
