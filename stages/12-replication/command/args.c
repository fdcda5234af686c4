#include "command/args.h"

#include <string.h>

#include "command/errors.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
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

struct slice *arguments_copy(int argc, const struct slice *argv)
{
    size_t bytes = (size_t)argc * sizeof *argv;
    for (int i = 0; i < argc; i++)
        bytes += argv[i].len;
    struct slice *copy = zmalloc(bytes);
    char *to = (char *)(copy + argc);
    for (int i = 0; i < argc; i++) {
        memcpy(to, argv[i].ptr, argv[i].len);
        copy[i] = (struct slice){to, argv[i].len};
        to += argv[i].len;
    }
    return copy;
}
