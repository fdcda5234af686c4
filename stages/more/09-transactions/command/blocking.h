/* blocking: adds BLMOVE and BRPOPLPUSH for a client that must not wait. */
#ifndef MORE_TRANSACTIONS_COMMAND_BLOCKING_H
#define MORE_TRANSACTIONS_COMMAND_BLOCKING_H

#include "command/command.h"

extern const struct command more_moving_commands[];

#endif
