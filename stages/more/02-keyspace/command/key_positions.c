#include "more/02-keyspace/command/key_positions.h"

int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, int *positions)
{
    (void)argv;
    struct key_range keys = doc->keys;
    int last = keys.last < 0 ? argc + keys.last : keys.last;
    int count = 0;
    for (int i = keys.first; keys.step && i <= last && i < argc;
         i += keys.step) {
        if (positions)
            positions[count] = i;
        count++;
    }
    return count;
}
