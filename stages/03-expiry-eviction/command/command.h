/* command: what a command is, and the table of all of them.
 *
 * Each file of this folder holds a family: its handlers, and at its end the
 * rows that describe them. A handler reads c->argv, replies with reply_...
 * exactly once, and knows no socket. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "common/slice.h"

struct client;

enum command_flag {
    CMD_WRITE = 1 << 0, /* changes data */
    CMD_DENYOOM = 1 << 1, /* may need memory that is not there */
};

struct command {
    const char *name; /* lower case; "object|encoding" for a subcommand */
    void (*handler)(struct client *c); /* NULL where subcommands follow */
    int arity; /* arguments with the name; -2: two or more */
    unsigned flags; /* enum command_flag */
};

/* Adds rows, up to one without a name. A name that is there already gets the
 * new row. */
void commands_add(const struct command *rows);

/* The row of that name in either case, or NULL. */
const struct command *command_find(struct slice name);

/* The row for the arguments of a command; NULL when the first is unknown, the
 * container's own row when the second is. A subcommand's row is found through
 * its container only. */
const struct command *command_of(int argc, const struct slice *argv);

#endif
