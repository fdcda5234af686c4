/* lookahead: which keys the commands to come will ask for.
 *
 * Memory takes as long to answer one question as to answer ten that are asked
 * together. A pipeline tells in advance what will be asked: the keys of the
 * next commands are found here, without executing or checking anything, so
 * that their places in the keyspace can be on their way into the cache when
 * the commands run. A wrong guess costs a little time and changes nothing. */
#ifndef NET_LOOKAHEAD_H
#define NET_LOOKAHEAD_H

#include <stddef.h>

#include "common/buffer.h"
#include "common/slice.h"

enum { LOOKAHEAD_MAX = 16 };

/* Finds the second word of each complete command from `position` on, which is
 * the key of most. Writes at most LOOKAHEAD_MAX and returns how many; *end is
 * where it stopped looking. */
size_t lookahead_keys(const struct buffer *input, size_t position,
                      struct slice keys[LOOKAHEAD_MAX], size_t *end);

#endif
