/* families: the tables of rows that the files of this folder end with. */
#ifndef COMMAND_FAMILIES_H
#define COMMAND_FAMILIES_H

#include "command/command.h"

extern const struct command connection_commands[];

#endif
