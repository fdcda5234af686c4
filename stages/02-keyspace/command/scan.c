#include "command/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "command/args.h"
#include "command/errors.h"
#include "common/glob.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

enum { COUNT_DEFAULT = 10, STEPS_PER_ELEMENT = 10 };

/* A cursor comes back as it was given, yet anything that strtoul takes is one:
 * "", "007" and "-1" among them. */
bool scan_parse_cursor(struct client *c, struct slice arg, uint64_t *cursor)
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

/* COUNT n: how much work a step may be, not how many keys come of it. */
static bool parse_count(struct client *c, struct slice arg, int64_t *count)
{
    return arg_integer(c, arg, count, NULL) &&
           arg_range(c, arg, 1, INT64_MAX, count, ERR_SYNTAX);
}

bool scan_parse_options(struct client *c, int first, bool takes_type,
                        struct scan *scan)
{
    *scan = (struct scan){.count = COUNT_DEFAULT};
    for (int i = first; i < c->argc; i += 2) {
        bool has_value = i + 1 < c->argc;
        if (has_value && slice_is(c->argv[i], "count")) {
            if (!parse_count(c, c->argv[i + 1], &scan->count))
                return false;
        } else if (has_value && slice_is(c->argv[i], "match")) {
            scan->pattern = c->argv[i + 1];
        } else if (has_value && takes_type && slice_is(c->argv[i], "type")) {
            scan->type = c->argv[i + 1];
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

bool scan_matches(const struct scan *scan, struct slice name)
{
    return !scan->pattern.ptr || slice_equal(scan->pattern, SLICE("*")) ||
           glob_match(scan->pattern, name, false);
}

int64_t scan_steps(const struct scan *scan)
{
    return scan->count > INT64_MAX / STEPS_PER_ELEMENT
               ? INT64_MAX
               : scan->count * STEPS_PER_ELEMENT;
}

void scan_reply_cursor(struct client *c, uint64_t cursor)
{
    char text[INT64_TEXT_MAX];
    size_t len = format_uint64(text, cursor);
    reply_bulk(c, (struct slice){text, len});
}
