/* connection: the first words of a conversation, and the last. */
#ifndef COMMAND_CONNECTION_H
#define COMMAND_CONNECTION_H

#include <stdbool.h>

#include "common/slice.h"

struct client;

/* Names the client, or answers why it cannot be called so. */
bool set_name_or_reply(struct client *c, struct slice name);

#endif
