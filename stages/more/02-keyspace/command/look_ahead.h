/* look_ahead: prefetches the keys of the commands that wait in the input
 * buffer. */
#ifndef MORE_COMMAND_LOOK_AHEAD_H
#define MORE_COMMAND_LOOK_AHEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/slice.h"

struct client;
struct db;

/* Prefetches the keys of the commands in the client's input, if there are
 * several. Returns up to where none need be looked at again: this far it has
 * looked, or all of the input, if what they name is in the cache anyway. */
size_t look_ahead(struct client *c);

/* Lets fn prefetch what the third arguments name in the values of these keys;
 * the ptr of one that is missing is NULL. It returns whether a value is so large
 * that this was of use. */
typedef bool prefetch_names_fn(struct db *db, const struct slice *keys,
                               const struct slice *names, size_t count);
void look_ahead_extend(prefetch_names_fn *fn);

#endif
