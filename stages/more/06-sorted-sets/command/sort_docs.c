/* sort_docs: describes SORT and SORT_RO, whose keys clients cannot find. */
#include "more/06-sorted-sets/command/sort.h"

#define BY_GET_NOTES                                                       \
    "For the optional BY/GET keyword. It is marked 'unknown' because the " \
    "key names derive from the content of the key we sort"
#define STORE_NOTES                                                       \
    "For the optional STORE keyword. It is marked 'unknown' because the " \
    "keyword can appear anywhere in the argument array"

/* Finds the key of the last STORE. Arguments of other options are no options,
 * whatever they say. */
static int find_stored(int argc, const struct slice *argv)
{
    int found = 0;
    for (int i = 2; i < argc; i++) {
        if (slice_is(argv[i], "limit"))
            i += 2;
        else if (slice_is(argv[i], "get") || slice_is(argv[i], "by"))
            i++;
        else if (slice_is(argv[i], "store") && i + 1 < argc)
            found = i + 1;
    }
    return found;
}

#define SORT_OPTIONS                                                  \
    "[BY pattern:pattern#1] [LIMIT offset_count(offset:integer "      \
    "count:integer)] [GET pattern:pattern#1]... [order(ASC | DESC)] " \
    "[sorting'ALPHA']"

const struct command_doc more_sort_docs[] = {
    {.name = "sort",
     .group = "generic",
     .flags = DOC_WRITE | DOC_DENYOOM | DOC_MOVABLE_KEYS | DOC_APART,
     .keys = {KEY(1, KEY_READ),
              {.step = 1,
               .is_unknown = true,
               .use = KEY_READ,
               .notes = BY_GET_NOTES},
              {.step = 1,
               .is_unknown = true,
               .use = KEY_REPLACE,
               .notes = STORE_NOTES,
               .find = find_stored}},
     .since = "1.0.0",
     .synopsis = "key " SORT_OPTIONS " [STORE destination:key]",
     .summary = "Returns or stores the sorted elements of a list, a set or a "
                "sorted set."},
    {.name = "sort_ro",
     .group = "generic",
     .flags = DOC_READONLY | DOC_MOVABLE_KEYS | DOC_APART,
     .keys = {KEY(1, KEY_READ),
              {.step = 1,
               .is_unknown = true,
               .use = KEY_READ,
               .notes = BY_GET_NOTES}},
     .since = "7.0.0",
     .synopsis = "key " SORT_OPTIONS,
     .summary = "Returns the sorted elements of a list, a set or a sorted "
                "set."},
    {.name = NULL},
};
