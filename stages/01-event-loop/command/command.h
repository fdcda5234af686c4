/* command: what a command is, and the table of all of them.
 *
 * Each file of this folder holds a family: its handlers, and at its end the
 * rows that describe them. A handler reads c->argv, replies with reply_...
 * exactly once, and knows no socket. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "common/slice.h"

struct client;

struct command {
    const char *name; /* lower case */
    void (*handler)(struct client *c);
    int arity; /* arguments with the name; -2: two or more */
};

/* Adds rows, up to one without a name. A name that is there already gets the
 * new row. */
void commands_add(const struct command *rows);

/* The row of that name in either case, or NULL. */
const struct command *command_find(struct slice name);

#endif
