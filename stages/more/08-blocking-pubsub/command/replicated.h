/* replicated: which commands replicas are sent. */
#ifndef MORE_BLOCKING_PUBSUB_COMMAND_REPLICATED_H
#define MORE_BLOCKING_PUBSUB_COMMAND_REPLICATED_H

#include <stdbool.h>

struct client;
struct command;

/* Returns whether replicas may be sent what the command does: those that write,
 * and messages, which subscribers of replicas receive, too. */
bool command_is_replicated(const struct command *command);

/* Whether CLIENT PAUSE WRITE holds back the client's command. */
bool is_replicated(const struct client *c);

#endif
