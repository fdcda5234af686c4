/* aof: the append-only file. */
#ifndef PERSIST_AOF_H
#define PERSIST_AOF_H

#include <stdbool.h>

#include "command/command.h"
#include "common/config.h"

extern const struct config_row aof_config[];
extern const struct command aof_commands[];

bool aof_start(void);
void aof_close(void);

#endif
