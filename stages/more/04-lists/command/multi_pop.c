#include "more/04-lists/command/multi_pop.h"

#include "command/errors.h"
#include "more/01-event-loop/command/arguments.h"
#include "net/client.h"
#include "net/reply.h"

bool multi_pop_or_reply(struct client *c, const struct choice *ends, int *keys,
                        int *end, int64_t *count)
{
    int64_t wanted;
    if (!at_least_or_reply(c, c->argv[1], 1, &wanted,
                           "ERR numkeys should be greater than 0"))
        return false;
    if (wanted > c->argc - 3) {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    *keys = (int)wanted;
    int at = *keys + 2; /* of the end's name */
    if (!choice_or_reply(c, c->argv[at], ends, end, NULL))
        return false;
    *count = 1;
    bool has_count = false;
    for (int i = at + 1; i < c->argc; i += 2) {
        if (has_count || i + 1 == c->argc || !slice_is(c->argv[i], "count")) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        if (!at_least_or_reply(c, c->argv[i + 1], 1, count,
                               "ERR count should be greater than 0"))
            return false;
        has_count = true;
    }
    return true;
}
