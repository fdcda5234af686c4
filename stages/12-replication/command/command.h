/* command: what a command is, and the table of all commands.
 *
 * Each file of this folder holds a family: its handlers, and at its end the
 * rows that describe them. A handler reads its arguments in c->argv, replies
 * exactly once with the functions of net/reply.h, and knows no socket. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "common/slice.h"

struct client;

enum command_flag {
    CMD_WRITE = 1 << 0, /* changes data */
    CMD_DENYOOM = 1 << 1, /* refused while memory is over its limit */
};

struct command {
    const char *name; /* lower case; "object|encoding" for a subcommand */
    void (*handler)(struct client *c); /* NULL for a container: "object" */
    int arity; /* number of arguments with the name; -2: two or more */
    unsigned flags; /* enum command_flag */
};

/* Adds rows, up to one without a name. A row replaces an earlier one of the
 * same name. The table points to the rows, so they must live as long as the
 * server. */
void commands_add(const struct command *rows);

/* Returns the row of that name, which may be in either case, or NULL. */
const struct command *command_find(struct slice name);

/* Returns the row for a command's arguments: that of the subcommand if the
 * first names a container. NULL if the first is unknown, the container's own
 * row if the second is. "object|encoding" as a first argument finds nothing. */
const struct command *command_of(int argc, const struct slice *argv);

#endif
