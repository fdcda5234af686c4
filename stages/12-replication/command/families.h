/* families: the tables of rows that the files of this folder end with. */
#ifndef COMMAND_FAMILIES_H
#define COMMAND_FAMILIES_H

#include "command/command.h"

extern const struct command connection_commands[];
extern const struct command string_commands[];
extern const struct command list_commands[];
extern const struct command hash_commands[];
extern const struct command set_commands[];
extern const struct command zset_commands[];
extern const struct command zset_range_commands[];
extern const struct command stream_commands[];
extern const struct command stream_read_commands[];
extern const struct command group_commands[];
extern const struct command blocking_commands[];
extern const struct command pubsub_commands[];
extern const struct command transaction_commands[];
extern const struct command watch_commands[];
extern const struct command key_commands[];
extern const struct command expire_commands[];
extern const struct command database_commands[];
extern const struct command config_commands[];

#endif
