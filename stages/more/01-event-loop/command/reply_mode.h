/* reply_mode: adds CLIENT REPLY, which turns a client's replies off and on. */
#ifndef MORE_COMMAND_REPLY_MODE_H
#define MORE_COMMAND_REPLY_MODE_H

struct client;

/* CLIENT REPLY */
void client_reply_command(struct client *c);

/* Called after each command: decides whether the next one gets a reply. */
void reply_mode_ended(struct client *c);

/* A command of a client that has this flag is not over: reply_mode_ended does
 * nothing then, and is called again later. */
void reply_mode_waits_for(unsigned flag);

/* Does what RESET does: turns replies on. */
void reply_mode_reset(struct client *c);

#endif
