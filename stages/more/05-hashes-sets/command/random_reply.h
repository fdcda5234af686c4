/* random_reply: replies with random elements, for HRANDFIELD, SRANDMEMBER and
 * SPOP. */
#ifndef MORE_COMMAND_RANDOM_REPLY_H
#define MORE_COMMAND_RANDOM_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/entry.h"

struct client;

/* Replies with one random field or member, or with null if `e` is NULL. */
void reply_random(struct client *c, const struct entry *e);

/* Replies with `count` different elements, or with -count that may be the same.
 * With values, those of a hash follow their fields. */
void reply_randoms(struct client *c, const struct entry *e, int64_t count,
                   bool with_values);

/* Parses how many elements. Replies with an error and returns false if it is
 * none that has a negative of its own. */
bool random_count_or_reply(struct client *c, struct slice arg, int64_t *count);

/* Parses [count [with]], where `with` is the word that asks for values, too;
 * *count is 0 without a count. Replies with an error and returns false if it is
 * anything else. */
bool random_pairs_or_reply(struct client *c, const char *with, int64_t *count,
                           bool *with_values);

/* Returns whether the client is to get more. A negative count would fill any
 * memory, so a long reply ends the client's output as its limit would; that is
 * the client's end, too. */
bool random_goes_on(struct client *c);

#endif
