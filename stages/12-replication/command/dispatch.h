/* dispatch: from the arguments of a command to its handler.
 *
 * Every command passes through the same places, in the order of the enum. A
 * place holds one check or none; an empty place lets every command through. */
#ifndef COMMAND_DISPATCH_H
#define COMMAND_DISPATCH_H

#include <stdbool.h>

#include "net/resp.h"

struct client;

enum check_place {
    CHECK_FIRST, /* before anything is known about the command */
    CHECK_KNOWN, /* from here on c->command is its row */
    CHECK_ARITY,
    CHECK_SUBCOMMAND, /* from here on the row has a handler */
    CHECK_AUTHENTICATED, /* whether this client may run it */
    CHECK_MEMORY,
    CHECK_PERSISTENT, /* whether data can be saved, if it changes data */
    CHECK_LOGGED, /* whether the change can be logged */
    CHECK_REPLICATED, /* whether enough replicas follow */
    CHECK_WRITABLE, /* whether data may be changed here, on a replica */
    CHECK_SUBSCRIBED, /* whether it may run beside messages */
    CHECK_FRESH, /* whether the data of a replica is new enough */
    CHECK_PAUSED, /* last: what is held back here could run */
    CHECK_COUNT
};

/* Returns false if the command must not run. The check has then done all that
 * is left to do for it, which in most cases was to reply with an error. */
typedef bool check_fn(struct client *c);

/* Puts a check in a place, instead of the one that it holds. */
void dispatch_check(enum check_place place, check_fn *fn);

/* Calls fn with each client whose command was stopped by a check. */
void dispatch_on_rejected(void (*fn)(struct client *c));

/* Takes the command that was read, which a server has executed before, for a
 * client whose output is muted. It must not wait, and passes only the checks
 * that protect its handler. Returns false if one of them stops it. */
bool dispatch_take(struct client *c, const struct resp_reader *reader);

/* Executes the command in c->argv, unless a check stops it. */
void dispatch(struct client *c);

#endif
