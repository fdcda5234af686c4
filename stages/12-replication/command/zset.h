/* zset: what commands for sorted sets share. */
#ifndef COMMAND_ZSET_H
#define COMMAND_ZSET_H

#include <stdint.h>

#include "common/slice.h"
#include "store/zset.h"

struct client;

/* Must be called after members of the sorted set of a key were removed: reports
 * the change by its event name, and deletes the key if the sorted set is empty.
 * The entry may be freed then. */
void zset_removed(struct client *c, struct slice key, struct entry *e,
                  const char *event);

#endif
