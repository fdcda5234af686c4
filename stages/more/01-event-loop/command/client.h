/* client: adds CLIENT with its subcommands. */
#ifndef MORE_COMMAND_CLIENT_H
#define MORE_COMMAND_CLIENT_H

#include <stdbool.h>

#include "command/command.h"
#include "common/slice.h"
#include "more/01-event-loop/command/docs.h"

struct client;

extern const struct command more_client_commands[]; /* "client" alone */
extern const struct command more_client_subcommands[]; /* "client|id" ... */
extern const struct command_doc more_client_docs[];

/* Applies HELLO's option SETNAME. Replies with an error and returns false if
 * the name is invalid. */
bool client_set_name_or_reply(struct client *c, struct slice *values);

/* Does what RESET does: clears the name and turns replies on. */
void client_reset(struct client *c);

#endif
