/* users: keeps users, with their passwords and permissions.
 *
 * A user may run all commands or none, and use all keys or none, and all
 * channels or none. Rules describe a user, applied in order:
 *
 *   on off                         may log in, may not
 *   >secret <secret #hash !hash    one more password, one less
 *   nopass resetpass               any password will do, none does
 *   +@all -@all  ~* resetkeys  &* resetchannels
 *   reset                          back to a user that was just created
 *
 * Of passwords only the SHA-256 digests are kept. */
#ifndef MORE_COMMAND_USERS_H
#define MORE_COMMAND_USERS_H

#include <stdbool.h>

#include "common/buffer.h"
#include "common/slice.h"

enum user_flag {
    USER_ON = 1 << 0,
    USER_NO_PASSWORD = 1 << 1, /* accepts any */
    USER_SKIP_SANITIZE = 1 << 2, /* what it restores is not looked through */
    USER_SANITIZE = 1 << 3,
    USER_ALL_COMMANDS = 1 << 4,
    USER_ALL_KEYS = 1 << 5,
    USER_ALL_CHANNELS = 1 << 6,
    USER_MAY_ALL = USER_ALL_COMMANDS | USER_ALL_KEYS | USER_ALL_CHANNELS,
};

struct user {
    struct user *next; /* in the order of names */
    char *name;
    unsigned flags; /* enum user_flag */
    struct buffer digests; /* SHA256_HEX digits each, without separators */
};

/* The user of a connection that has not logged in. It always exists. */
struct user *user_default(void);

struct user *user_first(void); /* then user->next */
struct user *user_find(struct slice name);

/* Applies the rules to the user of that name, who is created if there is none.
 * When one of them is wrong nothing has changed: it returns false, *wrong is
 * the rule's index or -1 for the name, and *error says why. Connections of that
 * user do not learn of it: see auth_change_user. */
bool user_change(struct slice name, const struct slice *rules, int count,
                 int *wrong, const char **error);

/* The default user must not be deleted, nor one who has connections. */
void user_delete(struct user *u);

/* Whether a client with this password may log in as this user. */
bool user_accepts(const struct user *u, struct slice password);

/* Whether any password is accepted, so that no login is needed. */
bool user_is_open(const struct user *u);

/* Appends the line of a configuration file that makes this user: "user", the
 * name and the rules. */
void user_append_line(const struct user *u, struct buffer *out);

#endif
