/* families: the rows at the end of each file of this folder. */
#ifndef COMMAND_FAMILIES_H
#define COMMAND_FAMILIES_H

#include "command/command.h"

extern const struct command connection_commands[];

#endif
