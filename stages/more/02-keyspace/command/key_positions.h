/* key_positions: finds out which arguments of a command are keys. */
#ifndef MORE_COMMAND_KEY_POSITIONS_H
#define MORE_COMMAND_KEY_POSITIONS_H

#include "common/slice.h"
#include "more/01-event-loop/command/docs.h"

/* Writes the positions of the keys, in order, and returns how many there are;
 * `positions` has room for argc, or is NULL. */
int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, int *positions);

#endif
