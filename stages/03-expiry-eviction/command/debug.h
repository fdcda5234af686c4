/* debug: what tests need and users do not. */
#ifndef COMMAND_DEBUG_H
#define COMMAND_DEBUG_H

#include <stdbool.h>

#include "config.h"

struct client;

/* The parameter `enable-debug-command`. */
extern const struct config_row debug_config[];

void debug_command(struct client *c);

/* Whether the command may be used over this connection, as the configuration
 * says. Answers when not. */
bool debug_is_allowed(struct client *c);

#endif
