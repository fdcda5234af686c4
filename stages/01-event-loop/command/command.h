/* command: what a command is, and the table of all commands.
 *
 * Each file of this folder holds a family: its handlers, and at its end the
 * rows that describe them. A handler reads its arguments in c->argv, replies
 * exactly once with the functions of net/reply.h, and knows no socket. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "common/slice.h"

struct client;

struct command {
    const char *name; /* lower case */
    void (*handler)(struct client *c);
    int arity; /* number of arguments with the name; -2: two or more */
};

/* Adds rows, up to one without a name. A row replaces an earlier one of the
 * same name. The table points to the rows, so they must live as long as the
 * server. */
void commands_add(const struct command *rows);

/* Returns the row of that name, which may be in either case, or NULL. */
const struct command *command_find(struct slice name);

#endif
