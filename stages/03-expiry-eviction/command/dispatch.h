/* dispatch: from the arguments of a command to its handler.
 *
 * Every command passes through the same places, in this order. A place holds
 * one check or none; an empty one lets everybody through. */
#ifndef COMMAND_DISPATCH_H
#define COMMAND_DISPATCH_H

#include <stdbool.h>

struct client;

enum check_place {
    CHECK_FIRST, /* before anything is known about the command */
    CHECK_KNOWN, /* from here on c->command is its row */
    CHECK_ARITY,
    CHECK_SUBCOMMAND, /* from here on the row has a handler */
    CHECK_AUTHENTICATED, /* whether this client may run it */
    CHECK_MEMORY,
    CHECK_PAUSED, /* last: what is held back here could run */
    CHECK_COUNT
};

/* Returns false when the command must not run. The check has done then what
 * there is to do: in most cases it replied with an error. */
typedef bool check_fn(struct client *c);

/* Puts a check in its place. */
void dispatch_check(enum check_place place, check_fn *fn);

/* Calls fn with each client whose command did not pass a check. */
void dispatch_on_rejected(void (*fn)(struct client *c));

/* Executes the command in c->argv, or replies why not. */
void dispatch(struct client *c);

#endif
