/* key_positions: finds out which arguments of a command are keys. */
#ifndef MORE_COMMAND_KEY_POSITIONS_H
#define MORE_COMMAND_KEY_POSITIONS_H

#include "common/slice.h"
#include "more/01-event-loop/command/docs.h"

struct key_place {
    int index; /* of the argument */
    unsigned use; /* enum key_use, without KEY_VARIABLE */
};

/* Which arguments are keys, as clients of old read it: one range for all. All
 * numbers are 0 if there is none. */
struct key_range {
    int first, last, step;
};

/* Returns how many of the arguments are keys. Writes where they are and what
 * happens to them to `keys`, which must have room for argc or be NULL. */
int command_keys(const struct command_doc *doc, int argc,
                 const struct slice *argv, struct key_place *keys);

/* Returns the range from the first key of a command to its last. */
struct key_range command_key_range(const struct command_doc *doc);

#endif
