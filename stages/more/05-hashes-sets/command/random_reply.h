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

#endif
