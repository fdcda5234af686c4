/* connection: PING, ECHO, QUIT and HELLO, about the connection itself. */
#ifndef COMMAND_CONNECTION_H
#define COMMAND_CONNECTION_H

#include <stdbool.h>

struct client;

/* Parses the protocol version that HELLO asks for; without an argument it is
 * the version in use. Replies with an error and returns false if it is neither
 * 2 nor 3. */
bool hello_version_or_reply(struct client *c, int *version);

/* Replies as HELLO does: a map with the server's name and version, the protocol
 * in use and the client's id. */
void reply_hello(struct client *c);

#endif
