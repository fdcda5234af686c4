/* scan: the arguments of the commands of the SCAN family.
 *
 *   SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
 *
 * The server remembers nothing of a scan: its cursor is the whole state, and
 * the client keeps it. COUNT says how many elements a call looks at, not how
 * many it returns: with MATCH a reply may be empty though the scan is not at
 * its end. */
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
