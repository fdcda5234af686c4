/* connection: the first words of a conversation, and the last. */
#ifndef COMMAND_CONNECTION_H
#define COMMAND_CONNECTION_H

#include <stdbool.h>

struct client;

/* Reads the version that HELLO asks for: the one in use when it names none.
 * Replies with an error and returns false if it is none of ours. */
bool hello_version_or_reply(struct client *c, int *version);

/* What clients learn from HELLO: whom they speak to, and in which protocol. */
void reply_hello(struct client *c);

#endif
