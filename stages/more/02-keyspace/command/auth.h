/* auth: adds AUTH, HELLO's option AUTH, and the parameters requirepass and
 * user. */
#ifndef MORE_COMMAND_AUTH_H
#define MORE_COMMAND_AUTH_H

#include <stdbool.h>

#include "command/command.h"
#include "common/config.h"
#include "common/slice.h"

struct client;
struct user;

/* A flag of clients: has logged in, or need not, as a user who may do
 * everything. This file updates it whenever a client logs in or a user
 * changes. */
enum { CLIENT_AUTHENTICATED = 1 << 24 };

/* The parameters `requirepass` and `user`. */
extern const struct config_row more_auth_config[];

/* Gives every client a user. */
void auth_open(void);

/* The user whose permissions the client has. */
struct user *user_of(const struct client *c);

/* Whether the client has logged in, or need not. */
bool auth_is_done(const struct client *c);

/* Changes a user as user_change does; what the user's connections may do
 * changes with it. */
bool auth_change_user(struct slice name, const struct slice *rules, int count,
                      int *wrong, const char **error);

/* Closes the connections of a user who is about to be deleted. */
void auth_close_clients(struct client *c, const struct user *u);

extern const struct command more_auth_commands[];

#endif
