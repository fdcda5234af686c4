/* scan: what the commands of the SCAN family share: their arguments.
 *
 *   SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
 *
 * A cursor is all that is remembered of a walk, and the client keeps it. COUNT
 * says how much a call looks at, so with MATCH it may answer nothing and yet
 * not be at the end. */
#ifndef COMMAND_SCAN_H
#define COMMAND_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

struct scan {
    int64_t count; /* elements to look at in one call, 1 or more */
    struct slice pattern; /* NULL: all match */
    struct slice type; /* NULL: any type */
};

/* Takes the cursor. Answers the client when it is none. */
bool scan_parse_cursor(struct client *c, struct slice arg, uint64_t *cursor);

/* Takes the options from argument `first` on. Answers a bad one. */
bool scan_parse_options(struct client *c, int first, bool takes_type,
                        struct scan *scan);

/* Whether an element of that name is to be answered. */
bool scan_matches(const struct scan *scan, struct slice name);

/* How many buckets a call may look at while it finds too few elements. */
int64_t scan_steps(const struct scan *scan);

/* Answers the cursor of the next call, the first of the reply's two parts. */
void scan_reply_cursor(struct client *c, uint64_t cursor);

#endif
