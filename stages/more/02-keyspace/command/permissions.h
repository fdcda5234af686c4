/* permissions: checks whether a client may run a command. */
#ifndef MORE_COMMAND_PERMISSIONS_H
#define MORE_COMMAND_PERMISSIONS_H

#include <stdbool.h>

struct client;

/* The check between a command's row and its handler. Replies with an error and
 * returns false if the client may not run it. */
bool check_permitted(struct client *c);

#endif
