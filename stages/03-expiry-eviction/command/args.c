#include "command/args.h"

#include "command/errors.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"

bool integer_or_reply(struct client *c, struct slice arg, int64_t *out,
                      const char *error)
{
    bool valid = parse_int64(arg, out);
    if (!valid)
        reply_error(c, error ? error : ERR_NOT_INTEGER);
    return valid;
}

bool range_or_reply(struct client *c, struct slice arg, int64_t min,
                    int64_t max, int64_t *out, const char *error)
{
    if (!integer_or_reply(c, arg, out, NULL))
        return false;
    bool valid = *out >= min && *out <= max;
    if (!valid)
        reply_error(c, error);
    return valid;
}
