/* set: what commands for sets share. */
#ifndef COMMAND_SET_H
#define COMMAND_SET_H

#include <stdbool.h>

#include "common/slice.h"
#include "store/set.h"

struct client;

/* Must be called after members of the set of a key were removed: reports the
 * change by its event name, and deletes the key if the set is empty. The entry
 * may be freed then. */
void members_removed(struct client *c, struct slice key, struct entry *e,
                     const char *event);

/* Looks up the sets of the client's arguments from index `first` to before
 * `end`. Returns an array of them, which the caller frees with zfree; an entry
 * in it is NULL if the key is missing. Replies with an error and returns NULL
 * if a key holds another type. */
struct entry **sets_or_reply(struct client *c, int first, int end);

#endif
