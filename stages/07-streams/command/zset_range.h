/* zset_range: the arguments of commands that return a range of a sorted set.
 *
 *   ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count]
 *       [WITHSCORES]
 *
 * A range is found in two steps: zset_range_or_reply parses it without a look
 * at the key, zset_range_find makes it a rank and a count. */
#ifndef COMMAND_ZSET_RANGE_H
#define COMMAND_ZSET_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/bound.h"
#include "store/entry.h"

struct client;

enum range_by { BY_RANK, BY_SCORE, BY_LEX };

struct zset_range {
    enum range_by by;
    bool is_reverse; /* from the last element to the first */
    bool with_scores;
    int64_t start, stop; /* by rank; from the end if negative */
    struct bound min, max; /* by score or lex */
    int64_t offset; /* elements that LIMIT skips; negative: all */
    int64_t limit; /* elements at most; negative: all */
};

/* The options that a command has besides LIMIT. */
enum range_option {
    RANGE_CHOICE = 1 << 0, /* BYSCORE, BYLEX and REV */
    RANGE_SCORES = 1 << 1 /* WITHSCORES */
};

/* Parses the two ends, from argument `first` on, and the options that follow.
 * The caller sets what the name of its command says, in a range that is zero
 * otherwise. Replies with an error and returns false if one is invalid. */
bool zset_range_or_reply(struct client *c, int first, unsigned options,
                         struct zset_range *range);

/* Returns how many elements of a sorted set are in the range, and writes the
 * rank of that which comes first in its direction. `e` is NULL for a missing
 * key. */
size_t zset_range_find(const struct zset_range *range, const struct entry *e,
                       size_t *rank);

/* Replies with the elements of the client's first key that are in the range. */
void reply_zset_range(struct client *c, const struct zset_range *range);

#endif
