/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_BLOCKING_PUBSUB_COMMAND_FAMILIES_H
#define MORE_BLOCKING_PUBSUB_COMMAND_FAMILIES_H

#include "command/command.h"
#include "command/pubsub.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_blocking_commands[];
extern const struct command more_pubsub_commands[];
extern const struct command more_unblock_commands[];

/* Of them all, and of the lesson. */
extern const struct command_doc more_blocking_docs[];
extern const struct command_doc more_pubsub_docs[];

/* Channels that a cluster keeps on one shard. Here they are channels of a name
 * space of their own. */
extern struct pubsub_type shards;

#endif
