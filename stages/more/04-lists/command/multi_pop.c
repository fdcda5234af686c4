#include "more/04-lists/command/multi_pop.h"

#include "command/errors.h"
#include "more/01-event-loop/command/arguments.h"
#include "net/client.h"
#include "net/reply.h"

bool multi_pop_or_reply(struct client *c, int at, const struct choice *ends,
                        struct pop_args *args)
{
    int64_t keys;
    if (!at_least_or_reply(c, c->argv[at], 1, &keys,
                           "ERR numkeys should be greater than 0"))
        return false;
    if (keys > c->argc - at - 2) {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    *args = (struct pop_args){.first = at + 1, .keys = (int)keys, .count = 1};
    at = args->first + args->keys; /* of the end's name */
    if (!choice_or_reply(c, c->argv[at], ends, &args->end, NULL))
        return false;
    bool has_count = false;
    for (int i = at + 1; i < c->argc; i += 2) {
        if (has_count || i + 1 == c->argc || !slice_is(c->argv[i], "count")) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        if (!at_least_or_reply(c, c->argv[i + 1], 1, &args->count,
                               "ERR count should be greater than 0"))
            return false;
        has_count = true;
    }
    return true;
}
