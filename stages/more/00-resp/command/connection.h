/* connection: adds RESET, and the options SETNAME and AUTH of HELLO. */
#ifndef MORE_COMMAND_CONNECTION_H
#define MORE_COMMAND_CONNECTION_H

#include <stdbool.h>

#include "command/command.h"
#include "common/slice.h"

struct client;

extern const struct command more_connection_commands[];

/* Applies an option of HELLO to the client; the values are the arguments after
 * its name. Replies with an error and returns false if one is invalid. */
typedef bool hello_option_fn(struct client *c, struct slice *values);

/* Adds an option that takes so many values. It replaces an earlier one of the
 * same name. */
void hello_add_option(const char *name, int values, hello_option_fn *fn);

/* Calls fn after the options of a HELLO have been applied. fn replies with an
 * error and returns false if the client must not get HELLO's reply. */
void hello_set_check(bool (*fn)(struct client *c));

/* Calls fn with each client that sends RESET. */
void reset_observe(void (*fn)(struct client *c));

/* Checks a client's name. Replies with an error and returns false if a line of
 * CLIENT LIST, where spaces separate the fields, could not hold it. */
bool client_name_or_reply(struct client *c, struct slice *name);

#endif
