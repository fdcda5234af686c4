/* introspect: adds COMMAND, by which clients learn what a server can do. */
#ifndef MORE_COMMAND_INTROSPECT_H
#define MORE_COMMAND_INTROSPECT_H

#include <stdbool.h>

#include "command/command.h"

struct client;

extern const struct command more_command_commands[]; /* "command" alone */
extern const struct command more_command_subcommands[];

/* Makes the subcommand that the client asks for c->command. Replies with an
 * error and returns false if there is none. */
bool command_subcommand_or_reply(struct client *c);

#endif
