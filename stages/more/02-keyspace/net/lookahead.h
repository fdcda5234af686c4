/* lookahead: finds the keys of commands that wait in the input buffer. */
#ifndef MORE_NET_LOOKAHEAD_H
#define MORE_NET_LOOKAHEAD_H

#include <stddef.h>

#include "common/buffer.h"
#include "common/slice.h"

enum { LOOKAHEAD_MAX = 16 };

/* Finds the second argument of each complete command from `position` on, which
 * is the key of most. Writes at most LOOKAHEAD_MAX and returns how many; *end
 * is where it stopped looking. */
size_t lookahead_keys(const struct buffer *input, size_t position,
                      struct slice keys[LOOKAHEAD_MAX], size_t *end);

#endif
