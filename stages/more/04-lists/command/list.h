/* list: what the commands share that take elements from lists. */
#ifndef MORE_LISTS_COMMAND_LIST_H
#define MORE_LISTS_COMMAND_LIST_H

#include <stdbool.h>

#include "more/04-lists/command/multi_pop.h"
#include "store/list.h"

struct client;

/* LEFT and RIGHT: enum list_end. */
extern const struct choice list_ends[];

/* Takes an element from the list of argument 1, adds it to that of argument 2,
 * which may be the same, and replies with it. Replies with an error, with null
 * or with the element. */
void move_element(struct client *c, enum list_end from, enum list_end to);

/* Pops elements of a list, and replies with the key and the elements.
 * Propagates it as LPOP or RPOP. */
void pop_some(struct client *c, struct slice key, struct list *l,
              const struct pop_args *args);

/* Pops elements of the first key that has a list. Returns false, without a
 * reply, if no key is there. */
bool pop_first_list(struct client *c, const struct pop_args *args);

#endif
