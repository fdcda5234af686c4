/* docs: describes commands, for COMMAND, HELP and permissions. */
#ifndef MORE_COMMAND_DOCS_H
#define MORE_COMMAND_DOCS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

struct client;

enum doc_flag {
    DOC_WRITE = 1 << 0,
    DOC_READONLY = 1 << 1,
    DOC_DENYOOM = 1 << 2, /* refused while memory is over its limit */
    DOC_ADMIN = 1 << 3, /* for those who run the server */
    DOC_PUBSUB = 1 << 4,
    DOC_NOSCRIPT = 1 << 5, /* not from a script */
    DOC_LOADING = 1 << 6, /* may come while the data is being loaded */
    DOC_STALE = 1 << 7, /* may come while a replica has lost its primary */
    DOC_SKIP_MONITOR = 1 << 8, /* MONITOR does not show it */
    DOC_FAST = 1 << 9, /* in constant or logarithmic time */
    DOC_NO_AUTH = 1 << 10, /* may come before the client has logged in */
    DOC_NO_ASYNC_LOADING = 1 << 11, /* not while a replica loads again */
    DOC_NO_MULTI = 1 << 12, /* not inside a transaction */
    DOC_MOVABLE_KEYS = 1 << 13, /* where the keys are depends on arguments */
    DOC_ALLOW_BUSY = 1 << 14, /* may come while a script runs too long */
    DOC_PROTECTED = 1 << 15, /* refused unless the configuration allows it */
};

/* Which arguments are keys: from first to last in steps; a negative last counts
 * from the end; all 0: none. */
struct key_range {
    int first, last, step;
};

struct command_doc {
    const char *name; /* that of the command's row: "get", "client|id" */
    const char *group;
    unsigned flags; /* enum doc_flag */
    struct key_range keys;
    const char *summary;
};

/* Adds rows, up to one without a name. A row replaces an earlier one of the
 * same name. */
void docs_add(const struct command_doc *rows);

/* Returns the row of that name, which may be in either case, or NULL. */
const struct command_doc *doc_find(struct slice name);

/* Returns row i in the order in which they were added; NULL after the last. */
const struct command_doc *doc_at(size_t i);

/* Whether the row is one of the container's subcommands: "client|id" is one of
 * "client". */
bool doc_is_part_of(const struct command_doc *doc, const char *container);

/* Replies with the help of the container in c->command, from its rows. */
void reply_help(struct client *c);

/* The same for rows that are in no table. */
void reply_help_of(struct client *c, const struct command_doc *rows,
                   const char *container);

/* Replies that a subcommand does not take so many arguments. */
void reply_wrong_subcommand(struct client *c);

#endif
