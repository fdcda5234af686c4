/* client: CLIENT, whose second argument says what is asked of a connection. */
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

/* HELLO's option SETNAME. */
bool client_set_name_option(struct client *c, struct slice *values);

/* What RESET does: no name, and replies. */
void client_reset(struct client *c);

#endif
