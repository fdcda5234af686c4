/* expire: what commands share that set a key's expiration time.
 *
 * A client gives a time in one of four forms. It is parsed here once, for all
 * commands, into Unix time in ms, which is all that store/ knows:
 *
 *   10 (EX)             seconds from now             now_ms + 10 * 1000
 *   1500 (PX)           milliseconds from now        now_ms + 1500
 *   1893456000 (EXAT)   Unix time in seconds         1893456000 * 1000
 *   ... (PXAT)          Unix time in milliseconds    as it is
 *
 * What is propagated has the last form, so that a command that is repeated
 * later means the same moment. */
#ifndef COMMAND_EXPIRE_H
#define COMMAND_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "store/keyspace.h"

struct client;

/* How a client gives a time. */
struct time_form {
    const char *option; /* its name among SET's options, in lower case */
    int64_t unit_ms; /* what the number is multiplied by: 1 or 1000 */
    bool is_absolute; /* Unix time; else counted from now */
};
extern const struct time_form time_forms[]; /* up to one without an option */
enum { FORM_EX, FORM_PX, FORM_EXAT, FORM_PXAT }; /* indexes of time_forms */

/* A time that was given as an option. The number is not parsed yet: Redis
 * checks all options before it looks at the number. */
struct time_option {
    const struct time_form *form; /* NULL: there was no such option */
    struct slice amount;
};

/* Parses EX, PX, EXAT or PXAT at argument *i and moves *i to the number after
 * it. The same option may come again: its last number counts. Returns false
 * without a reply if the argument is none of them, has no number after it, or
 * is another form than an earlier one. */
bool time_option_parse(const struct client *c, int *i,
                       struct time_option *option);

/* Parses a time into Unix time in ms. Replies with an error and returns false
 * if the amount isn't an integer, is below `least`, or gives a time that an
 * int64 does not hold. */
bool time_or_reply(struct client *c, struct slice amount,
                   const struct time_form *form, int64_t least,
                   int64_t *when_ms);

/* Sets the expiration time of a key, whose entry is `e`, and returns true. If
 * that time has passed, deletes the key instead, propagates DEL and returns
 * false: `e` has been freed then. */
bool expire_at(struct client *c, struct slice key, struct entry *e,
               int64_t when_ms);

/* Propagates an expiration time as PEXPIREAT, followed by the client's
 * arguments from index `first` on, which is 3 or more, or argc for none. */
void propagate_expire_at(struct client *c, struct slice key, int64_t when_ms,
                         int first);

/* Replies with the expiration time of the key in argument 1, in the given form:
 * -1 if it has none, -2 if the key is missing. */
void reply_expiry(struct client *c, const struct time_form *form);

/* Propagates DEL for a key that the server itself has removed, so that a copy
 * of the data does not depend on the clock or the memory of another machine. */
void propagate_removal(struct db *db, struct slice key, enum removal why);

#endif
