/* key_positions: which arguments of a command are keys. */
#ifndef COMMAND_KEY_POSITIONS_H
#define COMMAND_KEY_POSITIONS_H

#include <stdbool.h>

#include "common/slice.h"

struct client;
struct command;

/* Writes the positions of the keys, in order, and returns how many there are;
 * `positions` has room for argc, or is NULL. */
int command_keys(const struct command *command, int argc,
                 const struct slice *argv, int *positions);

/* Whether the command being executed names a key. */
bool command_has_keys(const struct client *c);

#endif
