#include "more/01-event-loop/command/arguments.h"

#include "common/numbers.h"

#include "net/reply.h"

bool choice_or_reply(struct client *c, struct slice arg,
                     const struct choice *table, int *out, const char *error)
{
    const struct choice *chosen = choice_find(table, arg);
    if (chosen)
        *out = chosen->value;
    else
        reply_error(c, error ? error : SYNTAX_ERROR);
    return chosen;
}

bool at_least_or_reply(struct client *c, struct slice arg, int64_t least,
                       int64_t *out, const char *error)
{
    if (parse_int64(arg, out) && *out >= least)
        return true;
    reply_error(c, error);
    return false;
}
