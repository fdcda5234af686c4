#include "command/args.h"

#include "command/errors.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"

/* Answers the error, or the usual one, unless the argument was good. */
static bool good_or_reply(struct client *c, bool good, const char *error,
                          const char *usual)
{
    if (!good)
        reply_error(c, error ? error : usual);
    return good;
}

bool arg_integer(struct client *c, struct slice arg, int64_t *out,
                 const char *error)
{
    return good_or_reply(c, parse_int64(arg, out), error, ERR_NOT_INTEGER);
}

bool arg_range(struct client *c, struct slice arg, int64_t min, int64_t max,
               int64_t *out, const char *error)
{
    bool good = parse_int64(arg, out) && *out >= min && *out <= max;
    return good_or_reply(c, good, error, ERR_OUT_OF_RANGE);
}

bool arg_choice(struct client *c, struct slice arg, const struct choice *table,
                int *out, const char *error)
{
    const struct choice *chosen = choice_find(table, arg);
    if (chosen)
        *out = chosen->value;
    return good_or_reply(c, chosen, error, ERR_SYNTAX);
}
