/* client: how a connection is called and treated, and pauses for all. */
#ifndef COMMAND_CLIENT_H
#define COMMAND_CLIENT_H

#include <stdbool.h>

struct command;

/* Whether the command has to wait for CLIENT UNPAUSE or the end of a pause. */
bool client_pause_holds(const struct command *command);

#endif
