/* expire: what the commands share that give a key its time. */
#ifndef COMMAND_EXPIRE_H
#define COMMAND_EXPIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "store/keyspace.h"

struct client;

/* How a time is given: in units of how many milliseconds, from now on or since
 * 1970. */
struct time_form {
    const char *option; /* of SET */
    int64_t unit_ms;
    bool is_absolute;
};
extern const struct time_form time_forms[]; /* up to one without an option */
enum { FORM_EX, FORM_PX, FORM_EXAT, FORM_PXAT };

/* A time that was given as an option: its form, NULL when there was none, and the
 * number. */
struct time_option {
    const struct time_form *form;
    struct slice amount;
};

/* Takes EX, PX, EXAT or PXAT at argument *i and the number after it, and moves
 * *i to the number. One option may come again, and its last number counts. False
 * if it is none of them, or contradicts the one before. */
bool time_option_parse(const struct client *c, int *i,
                       struct time_option *option);

/* Parses the time as milliseconds since 1970. `least` is the smallest amount
 * that makes sense. Replies with an error and returns false if it is no number
 * or no clock will show it. */
bool time_or_reply(struct client *c, struct slice amount,
                   const struct time_form *form, int64_t least,
                   int64_t *when_ms);

/* Gives a key its expiry and returns true. If that time is over, deletes the key
 * with `e`, propagates DEL and returns false. */
bool expire_at(struct client *c, struct slice key, struct entry *e,
               int64_t when_ms);

/* Propagates an expiry as PEXPIREAT, with the arguments of the client from
 * `first` on behind it. The command has at least three. */
void propagate_expire_at(struct client *c, struct slice key, int64_t when_ms,
                         int first);

/* Replies when the key of the command expires: -1 if never, -2 if there is no
 * such key. */
void reply_expiry(struct client *c, const struct time_form *form);

/* Propagates keys that the server itself removes, as DEL. */
void propagate_removal(struct db *db, struct slice key, enum removal why);

#endif
