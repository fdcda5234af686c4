/* list: what commands for lists share.
 *
 * A list that becomes empty is deleted with its key: list_changed sees to it,
 * so no handler and no client ever finds an empty one. */
#ifndef COMMAND_LIST_H
#define COMMAND_LIST_H

#include <stdint.h>

#include "common/slice.h"
#include "store/list.h"

struct client;

/* Must be called after a change of the list of a key: reports the change by its
 * event name, and deletes the key if the list is empty. The list may be freed
 * then. */
void list_changed(struct client *c, struct slice key, struct list *l,
                  const char *event);

/* Adds the client's arguments from index `first` on, one after the other, at an
 * end of the list, and replies with its length. `e` is the key's entry, or
 * NULL: then the list is created. */
void push_arguments(struct client *c, struct entry *e, enum list_end end,
                    int first);

/* Removes `count` elements from an end, and replies with them in the order in
 * which they go. The list must have so many, and one at least; it may be freed
 * then. */
void pop_and_reply(struct client *c, struct slice key, struct list *l,
                   enum list_end end, size_t count);

#endif
