/* list: what the commands share that take elements from lists. */
#ifndef MORE_LISTS_COMMAND_LIST_H
#define MORE_LISTS_COMMAND_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "store/list.h"

struct client;

/* Parses LEFT or RIGHT. Replies with an error and returns false if the argument
 * is neither. */
bool list_end_or_reply(struct client *c, struct slice arg, int *end);

/* Takes an element from the list of argument 1, adds it to that of argument 2,
 * which may be the same, and replies with it. Replies with an error, with null
 * or with the element. */
void move_element(struct client *c, enum list_end from, enum list_end to);

/* numkeys key [key ...] LEFT | RIGHT [COUNT count] */
struct pop_args {
    int first; /* index of the first key */
    int keys; /* how many there are */
    int end; /* enum list_end */
    int64_t count; /* elements at most */
};

/* Parses them from argument `at` on, to the last one. Replies with an error and
 * returns false if they are invalid. */
bool pop_args_or_reply(struct client *c, int at, struct pop_args *args);

/* Pops elements of a list, and replies with the key and the elements. Propagates
 * it as LPOP or RPOP. */
void pop_some(struct client *c, struct slice key, struct list *l,
              const struct pop_args *args);

/* Pops elements of the first key that has a list. Returns false, without a reply,
 * if no key is there. */
bool pop_first_list(struct client *c, const struct pop_args *args);

#endif
