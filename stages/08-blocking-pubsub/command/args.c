#include "command/args.h"

#include "command/errors.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"

bool integer_or_reply(struct client *c, struct slice arg, int64_t *out)
{
    if (parse_int64(arg, out))
        return true;
    reply_error(c, ERR_NOT_INTEGER);
    return false;
}

bool range_or_reply(struct client *c, struct slice arg, int64_t min,
                    int64_t max, int64_t *out, const char *error)
{
    if (!integer_or_reply(c, arg, out))
        return false;
    if (*out >= min && *out <= max)
        return true;
    reply_error(c, error);
    return false;
}
