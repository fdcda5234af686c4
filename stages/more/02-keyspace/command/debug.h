/* debug: adds DEBUG, which tests need and users do not. */
#ifndef MORE_COMMAND_DEBUG_H
#define MORE_COMMAND_DEBUG_H

#include <stdbool.h>

#include "command/command.h"
#include "common/config.h"

struct client;

extern const struct command more_debug_commands[]; /* "debug" alone */

/* The parameter `enable-debug-command`. */
extern const struct config_row more_debug_config[];

/* A subcommand of DEBUG, which no other command knows of. */
struct debug_row {
    struct command command; /* "debug|sleep" */
    const char *syntax; /* its arguments for HELP, or NULL */
    const char *summary;
};

/* Adds rows, up to one without a name. */
void debug_add(const struct debug_row *rows);

/* Adds those of this folder. */
void debug_open(void);

/* Checks that the configuration allows DEBUG over this connection. Replies with
 * an error and returns false if not. */
bool debug_allowed_or_reply(struct client *c);

#endif
