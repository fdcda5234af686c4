/* scan: what the commands of the SCAN family share: their arguments.
 *
 *   SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
 *
 * A cursor is all that is remembered of a scan, and the client keeps it. COUNT
 * says how many elements a call looks at, so with MATCH it may return nothing
 * and yet not be at the end. */
#ifndef COMMAND_SCAN_H
#define COMMAND_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "store/keyspace.h"

struct client;

struct scan {
    uint64_t cursor;
    int64_t count; /* elements to look at in one call, 1 or more */
    struct key_filter filter;
};

/* Parses the cursor in argument `first` and the options after it. Replies with
 * an error and returns false if one is invalid. */
bool scan_or_reply(struct client *c, int first, struct scan *scan);

#endif
