/* docs: describes the commands that wait. */
#include "more/08-blocking-pubsub/command/families.h"

#define WAITS (DOC_WRITE | DOC_BLOCKING)
/* clang-format off */
#define TWO_LISTS KEY(1, KEY_TAKE), KEY(2, KEY_RW | KEY_INSERT)
/* clang-format on */

const struct command_doc more_blocking_docs[] = {
    {.name = "blpop",
     .group = "list",
     .flags = WAITS | DOC_NOSCRIPT,
     .keys = {KEYS(1, -2, 1, KEY_TAKE)},
     .since = "2.0.0",
     .synopsis = "key... timeout:double",
     .summary = "Removes and returns the first element of a list; waits until "
                "there is one."},
    {.name = "brpop",
     .group = "list",
     .flags = WAITS | DOC_NOSCRIPT,
     .keys = {KEYS(1, -2, 1, KEY_TAKE)},
     .since = "2.0.0",
     .synopsis = "key... timeout:double",
     .summary = "Removes and returns the last element of a list; waits until "
                "there is one."},
    {.name = "blmove",
     .group = "list",
     .flags = WAITS | DOC_DENYOOM | DOC_NOSCRIPT,
     .keys = {TWO_LISTS},
     .since = "6.2.0",
     .synopsis = "source:key destination:key wherefrom(LEFT | RIGHT) "
                 "whereto(LEFT | RIGHT) timeout:double",
     .summary = "Moves an element from an end of a list to an end of another; "
                "waits until there is one."},
    {.name = "brpoplpush",
     .group = "list",
     .flags = WAITS | DOC_DENYOOM | DOC_NOSCRIPT,
     .keys = {TWO_LISTS},
     .since = "2.2.0",
     .deprecated_since = "6.2.0",
     .replaced_by = "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
     .synopsis = "source:key destination:key timeout:double",
     .summary = "Moves the last element of a list to the head of another; "
                "waits until there is one."},
    {.name = "blmpop",
     .group = "list",
     .flags = WAITS | DOC_MOVABLE_KEYS,
     .keys = {COUNTED_KEYS(2, KEY_TAKE)},
     .since = "7.0.0",
     .synopsis = "timeout:double numkeys:integer key... where(LEFT | RIGHT) "
                 "[COUNT count:integer]",
     .summary = "Removes and returns elements of the first list that has any; "
                "waits until one has."},
    {.name = "bzpopmin",
     .group = "sorted-set",
     .flags = WAITS | DOC_NOSCRIPT | DOC_FAST,
     .keys = {KEYS(1, -2, 1, KEY_TAKE)},
     .since = "5.0.0",
     .synopsis = "key... timeout:double",
     .summary = "Removes and returns the member with the lowest score of a "
                "sorted set; waits until there is one."},
    {.name = "bzpopmax",
     .group = "sorted-set",
     .flags = WAITS | DOC_NOSCRIPT | DOC_FAST,
     .keys = {KEYS(1, -2, 1, KEY_TAKE)},
     .since = "5.0.0",
     .synopsis = "key... timeout:double",
     .summary = "Removes and returns the member with the highest score of a "
                "sorted set; waits until there is one."},
    {.name = "bzmpop",
     .group = "sorted-set",
     .flags = WAITS | DOC_MOVABLE_KEYS,
     .keys = {COUNTED_KEYS(2, KEY_TAKE)},
     .since = "7.0.0",
     .synopsis = "timeout:double numkeys:integer key... where(MIN | MAX) "
                 "[COUNT count:integer]",
     .summary = "Removes and returns members of the first sorted set that has "
                "any; waits until one has."},
    {.name = "client|unblock",
     .group = "connection",
     .flags = DOC_ADMIN | DOC_NOSCRIPT | DOC_LOADING | DOC_STALE,
     .since = "5.0.0",
     .synopsis = "client-id:integer [timeout_error(TIMEOUT | ERROR)]",
     .syntax = "<clientid> [TIMEOUT|ERROR]",
     .summary = "Ends the wait of another connection."},
    {.name = NULL},
};
