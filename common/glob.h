/* glob: the patterns of KEYS, SCAN and PSUBSCRIBE.
 *
 *   *  any bytes    ?  one byte    [ab] [a-z] [^a]  one of a set    \x  x */
#ifndef COMMON_GLOB_H
#define COMMON_GLOB_H

#include <stdbool.h>

#include "slice.h"

/* Whether the whole string matches. As in Redis, only the empty pattern
 * matches the empty string; commands take "*" as "all" before they ask. Time
 * is bounded by pattern times string for any pattern; there is no recursion. */
bool glob_match(struct slice pattern, struct slice string, bool nocase);

#endif
