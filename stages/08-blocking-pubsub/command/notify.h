/* notify: keyspace notifications, messages about what happens to keys.
 *
 *   SET city Paris    ->   __keyspace@0__:city   "set"
 *                          __keyevent@0__:set    "city"
 *
 * They are published as any other message, if notify-keyspace-events asks for
 * them. A handler that changes a key does not know of it: the keyspace
 * reports all that happens. */
#ifndef COMMAND_NOTIFY_H
#define COMMAND_NOTIFY_H

#include "common/config.h"

extern const struct config_row notify_config[];

/* Begins to observe the keyspace. */
void notify_open(void);

#endif
