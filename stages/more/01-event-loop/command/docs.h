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
    DOC_ADMIN = 1 << 3, /* for administrators */
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
    DOC_SYSTEM = 1 << 16, /* not for applications */
    DOC_APART = 1 << 17, /* not in the category that its group has */
    DOC_BLOCKING = 1 << 18, /* may keep the client waiting */
    DOC_SKIP_SLOWLOG = 1 << 19, /* what it executes is logged by itself */
};

/* What a command does with a key: how it uses the value as a whole, then what
 * becomes of the data in it. Clients route by this, and check what a user may
 * do. */
enum key_use {
    KEY_RO = 1 << 0, /* reads the value, or only something about it */
    KEY_RW = 1 << 1, /* changes the value that it finds */
    KEY_OW = 1 << 2, /* overwrites the value, whatever it was */
    KEY_RM = 1 << 3, /* deletes the key */
    KEY_ACCESS = 1 << 4, /* data is returned, copied or used */
    KEY_UPDATE = 1 << 5, /* data is changed, perhaps after the old data */
    KEY_INSERT = 1 << 6, /* data is added and none is changed */
    KEY_DELETE = 1 << 7, /* data is removed */
    KEY_VARIABLE = 1 << 8, /* `use_of` knows better */
    KEY_NOT_KEY = 1 << 9, /* routed like a key, but it is none */

    KEY_READ = KEY_RO | KEY_ACCESS,
    KEY_CHANGE = KEY_RW | KEY_ACCESS | KEY_UPDATE,
    KEY_TAKE = KEY_RW | KEY_ACCESS | KEY_DELETE,
    KEY_REPLACE = KEY_OW | KEY_UPDATE,
    KEY_CREATE = KEY_OW | KEY_INSERT,
    KEY_REMOVE = KEY_RM | KEY_DELETE,
};

/* Which arguments are keys, and what happens to them: from argument `first` in
 * steps to the one that is `last` further on; a negative last counts from the
 * end. A step of 0 ends the list of a command. */
struct key_spec {
    int first, last, step;
    bool is_counted; /* argument `first` is how many keys follow it */
    bool is_unknown; /* not found by these numbers, but by `find` */
    const char *keyword; /* the keys begin after this word, which may be an
                            argument from `first` on; NULL if at `first` */
    int limit; /* 2: half of what follows are keys; 0: all up to `last` */
    unsigned use; /* enum key_use */
    const char *notes; /* for people; NULL if there are none */
    /* What KEY_VARIABLE stands for with these arguments. */
    unsigned (*use_of)(int argc, const struct slice *argv);
    /* Returns the index of the one key in an unknown place, or 0 if there is
     * none. NULL if the keys depend on data, not on arguments. */
    int (*find)(int argc, const struct slice *argv);
};

/* One key, several that are used in the same way, as many as an argument says,
 * one after a word that may come from an argument on, and half of what follows
 * such a word. */
/* clang-format off */
#define KEY(n, what) {.first = (n), .step = 1, .use = (what)}
#define KEYS(from, to, by, what) \
    {.first = (from), .last = (to), .step = (by), .use = (what)}
#define COUNTED_KEYS(at, what) \
    {.first = (at), .step = 1, .is_counted = true, .use = (what)}
#define KEY_AFTER(word, from, what) \
    {.first = (from), .step = 1, .keyword = (word), .use = (what)}
#define HALF_KEYS(word, from, what) \
    {.first = (from), .last = -1, .limit = 2, .step = 1, .keyword = (word), \
     .use = (what)}
/* clang-format on */

enum { KEY_SPECS_MAX = 3 };

/* A synopsis names a command's arguments in their order, with one space
 * between them:
 *
 *   member                    a string
 *   count:integer             another type: key, pattern, double, unix-time
 *   key                       a key, of the next key specification
 *   key2:key#0                a key of specification 0
 *   NX                        a token that is an argument by itself
 *   change'CH'                a token that goes by another name
 *   EX seconds:integer        a token and its value
 *   condition(NX | XX)        one of several arguments
 *   score_member(score:double member)    a block of arguments
 *   [GET]                     optional
 *   id...                     once or more
 *   [GET name]...             once or more, each with the token
 *   [GET]@6.2.0               since that version
 *   name!2.8.12               deprecated since that version */
struct command_doc {
    const char *name; /* that of the command's row: "get", "client|id" */
    const char *group;
    unsigned flags; /* enum doc_flag */
    struct key_spec keys[KEY_SPECS_MAX];
    const char *tips; /* how to route it and read the reply: words, or NULL */
    const char *since; /* the version of Redis that brought it */
    const char *deprecated_since; /* NULL if it is not */
    const char *replaced_by; /* what to use instead of a deprecated one */
    const char *synopsis; /* NULL if it takes no arguments */
    const char *syntax; /* its arguments for HELP, or NULL */
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
