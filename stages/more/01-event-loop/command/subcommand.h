/* subcommand: finds subcommands for commands that have a handler of their
 * own. */
#ifndef MORE_COMMAND_SUBCOMMAND_H
#define MORE_COMMAND_SUBCOMMAND_H

#include <stdbool.h>

#include "command/command.h"

struct client;

/* Returns the one of the container's rows whose name is "container|argument"
 * for the client's second argument, or NULL. */
const struct command *subcommand_find(const struct client *c,
                                      const struct command *rows);

/* Whether the row takes so many arguments, counted with both names. */
bool subcommand_takes(const struct command *row, int argc);

/* Makes the row of the second argument c->command. Replies with an error and
 * returns false if there is none, and c->command is NULL then, or if it takes
 * another number of arguments. */
bool subcommand_or_reply(struct client *c, const struct command *rows);

#endif
