/* client_list: adds CLIENT LIST, INFO and KILL. */
#ifndef MORE_COMMAND_CLIENT_LIST_H
#define MORE_COMMAND_CLIENT_LIST_H

#include "common/buffer.h"
#include "common/slice.h"

struct client;

/* Appends the value of a field. */
typedef void client_field_fn(const struct client *c, struct buffer *out);

/* Lets fn write the field of that name from now on. */
void client_field_set(const char *name, client_field_fn *fn);

/* Adds a letter to the field "flags" for clients with that flag, before the
 * letters so far. */
void client_letter_add(const char *letter, unsigned flag);

/* Sets how CLIENT KILL USER finds users: `find` returns the user of that name,
 * or NULL; `of` returns the user of a client. Until then all are "default". */
void client_users_set(const void *(*find)(struct slice name),
                      const void *(*of)(const struct client *c));

/* CLIENT LIST, CLIENT INFO, CLIENT KILL */
void client_list_command(struct client *c);
void client_info_command(struct client *c);
void client_kill_command(struct client *c);

#endif
