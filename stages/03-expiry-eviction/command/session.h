/* session: what a client is to the commands. */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

#include <stddef.h>

#include "common/slice.h"

struct client;

/* Sets a client to where every conversation begins: database 0
 * and the default user. */
void session_begin(struct client *c);

/* Prepares for commands with these keys. */
void session_look_ahead(struct client *c, const struct slice *keys,
                        size_t count);

#endif
