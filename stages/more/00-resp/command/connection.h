/* connection: HELLO with its options, and RESET. */
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

/* Adds an option that takes so many values. A name that is there already gets
 * the new function. */
void hello_add_option(const char *name, int values, hello_option_fn *fn);

/* Calls fn when the options of a HELLO have been applied. It replies with an
 * error and returns false if the client must not be greeted all the same. */
void hello_set_check(bool (*fn)(struct client *c));

/* Calls fn with each client that says RESET. */
void reset_observe(void (*fn)(struct client *c));

/* Whether a client may be called so: a name is printed in lists with spaces
 * between the fields. Replies with an error and returns false if not. */
bool client_name_or_reply(struct client *c, struct slice *name);

#endif
