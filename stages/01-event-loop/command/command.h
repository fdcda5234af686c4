/* command: what a command is, and the table of all of them.
 *
 * Each file of this folder holds a family: its handlers, and at its end the
 * rows that describe them. A handler reads c->argv, answers with reply_...
 * exactly once, and knows no socket. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "common/slice.h"

struct client;

enum command_flag {
    CMD_FAST = 1 << 0, /* answers in constant or logarithmic time */
    CMD_NO_AUTH = 1 << 1, /* may come before the client said who it is */
    CMD_LOADING = 1 << 2, /* may come while the data is being loaded */
    CMD_STALE = 1 << 3, /* may come while a replica lost its primary */
    CMD_NOSCRIPT = 1 << 4, /* not from a script */
    CMD_ADMIN = 1 << 5, /* for those who run the server */
    CMD_WRITE = 1 << 6, /* changes data */
};

/* Which arguments are keys: from first to last in steps; a negative last
 * counts from the end; all 0: none. */
struct key_range {
    int first, last, step;
};
/* clang-format off */
#define NO_KEYS {0, 0, 0}
/* clang-format on */

struct command {
    const char *name; /* lower case; "client|id" for a subcommand */
    int arity; /* with the name; -2: two or more */
    unsigned flags;
    struct key_range keys;
    void (*handler)(struct client *c); /* NULL where subcommands follow */
    const char *summary;
};

/* A family's rows, closed by one without a name. */
struct command_family {
    const char *group;
    const struct command *commands;
};

/* All families, closed by one without a group. */
extern const struct command_family command_families[];

/* The row of that name in either case, or NULL. */
const struct command *command_find(struct slice name);

/* The same for a container's subcommand: "client" and "id". */
const struct command *command_find_subcommand(const struct command *container,
                                              struct slice name);

/* Answers that a subcommand does not take so many arguments. */
void reply_wrong_subcommand(struct client *c);

/* The family in which the row stands. */
const struct command_family *command_family_of(const struct command *row);

/* Answers the HELP of a container from the rows of its subcommands; for one
 * that is not in the table, from other rows. */
void reply_help(struct client *c);
void reply_help_of(struct client *c, const struct command *rows,
                   const char *container);

/* Executes the command that stands in c->argv, and answers in every case. */
void dispatch(struct client *c);

#endif
