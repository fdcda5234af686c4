/* lookahead: finds the keys of commands that wait in the input buffer. */
#ifndef MORE_NET_LOOKAHEAD_H
#define MORE_NET_LOOKAHEAD_H

#include <stddef.h>

#include "common/buffer.h"
#include "common/slice.h"

enum { LOOKAHEAD_MAX = 16 };

/* Two arguments of a command: its key, and what may be looked up in the value;
 * NULL if it has no third argument. */
struct lookahead {
    struct slice key, name;
};

/* Finds the second and the third argument of each complete command from
 * `position` on. Writes at most LOOKAHEAD_MAX and returns how many; *end is
 * where it stopped looking. */
size_t lookahead_keys(const struct buffer *input, size_t position,
                      struct lookahead found[LOOKAHEAD_MAX], size_t *end);

#endif
