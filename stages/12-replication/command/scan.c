#include "command/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "command/args.h"
#include "command/errors.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

enum { COUNT_DEFAULT = 10 };

/* Parses a cursor. Like Redis it accepts all that strtoul does, "", "007" and
 * "-1" among them, not only what SCAN has returned. Replies with an error and
 * returns false if it is invalid. */
static bool cursor_or_reply(struct client *c, struct slice arg,
                            uint64_t *cursor)
{
    char *text = slice_dup(arg);
    char *end;
    errno = 0;
    *cursor = strtoull(text, &end, 10);
    bool valid = !isspace((unsigned char)text[0]) && !*end && errno != ERANGE;
    zfree(text);
    if (!valid)
        reply_error(c, "ERR invalid cursor");
    return valid;
}

bool scan_or_reply(struct client *c, int first, struct scan *scan)
{
    *scan = (struct scan){.count = COUNT_DEFAULT};
    if (!cursor_or_reply(c, c->argv[first], &scan->cursor))
        return false;
    for (int i = first + 1; i < c->argc; i += 2) {
        bool has_value = i + 1 < c->argc;
        if (has_value && slice_is(c->argv[i], "count")) {
            if (!range_or_reply(c, c->argv[i + 1], 1, INT64_MAX, &scan->count,
                                ERR_SYNTAX))
                return false;
        } else if (has_value && slice_is(c->argv[i], "match")) {
            scan->filter.pattern = c->argv[i + 1];
        } else if (has_value && slice_is(c->argv[i], "type")) {
            scan->filter.type = c->argv[i + 1];
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}
