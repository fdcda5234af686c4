/* multi_pop: the arguments of LMPOP and its kin.
 *
 *   LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count] */
#ifndef MORE_COMMAND_MULTI_POP_H
#define MORE_COMMAND_MULTI_POP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/choice.h"

struct client;

struct pop_args {
    int first; /* index of the first key */
    int keys; /* how many there are */
    int end; /* which of the ends is named behind them */
    int64_t count; /* elements that are popped, at most */
};

/* Parses them from argument `at` on, to the last one. Replies with an error and
 * returns false if one is invalid. */
bool multi_pop_or_reply(struct client *c, int at, const struct choice *ends,
                        struct pop_args *args);

#endif
