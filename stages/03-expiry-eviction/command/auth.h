/* auth: which user a connection is, and what that user may do. */
#ifndef COMMAND_AUTH_H
#define COMMAND_AUTH_H

#include <stdbool.h>

#include "common/slice.h"
#include "config.h"

struct client;
struct user;

/* The parameters `requirepass` and `user`. */
extern const struct config_row auth_config[];

/* Makes the client the default user again, who may have to give a password. */
void auth_begin(struct client *c);

/* Makes the client that user, or answers that the password is wrong. */
bool auth_or_reply(struct client *c, struct slice name, struct slice password);

/* Whether the client has said who it is, or need not. */
bool auth_is_done(const struct client *c);

/* Whether the client's user may run the command that was found for it. Answers
 * when not. */
bool auth_permits(struct client *c);

/* Closes the connections of a user who goes. */
void auth_close_clients(struct client *c, const struct user *u);

/* Keeps the argument from those who watch. */
void auth_redact(struct client *c, int argument);

void auth_command(struct client *c);

#endif
