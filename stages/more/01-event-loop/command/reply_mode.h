/* reply_mode: whether a client gets replies at all: CLIENT REPLY. */
#ifndef MORE_COMMAND_REPLY_MODE_H
#define MORE_COMMAND_REPLY_MODE_H

struct client;

/* CLIENT REPLY */
void client_reply_command(struct client *c);

/* Whether the next command gets a reply is decided when one has ended. */
void reply_mode_ended(struct client *c);

/* What RESET does. */
void reply_mode_reset(struct client *c);

#endif
