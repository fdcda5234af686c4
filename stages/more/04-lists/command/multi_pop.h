/* multi_pop: the arguments of LMPOP and its kin.
 *
 *   LMPOP numkeys key [key ...] LEFT | RIGHT [COUNT count] */
#ifndef MORE_COMMAND_MULTI_POP_H
#define MORE_COMMAND_MULTI_POP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/choice.h"

struct client;

/* Parses them: how many keys follow the first argument, which of the ends is
 * named behind them, and how many elements are to be popped at most. Replies
 * with an error and returns false if one is invalid. */
bool multi_pop_or_reply(struct client *c, const struct choice *ends, int *keys,
                        int *end, int64_t *count);

#endif
