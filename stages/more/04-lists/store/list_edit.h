/* list_edit: changes a list in its middle. */
#ifndef MORE_STORE_LIST_EDIT_H
#define MORE_STORE_LIST_EDIT_H

#include "store/list.h"

/* Inserts a value before an element, or behind it. Places in the list are not
 * valid afterwards. */
void list_insert_before(struct list *l, struct list_place place,
                        struct slice value);
void list_insert_behind(struct list *l, struct list_place place,
                        struct slice value);

/* Overwrites an element. Places in its node are not valid afterwards. */
void list_replace(struct list_place place, struct slice value);

/* Removes an element. Returns the next one towards an end, with a NULL node if
 * there is none. Other places are not valid afterwards. */
struct list_place list_erase(struct list *l, struct list_place place,
                             enum list_end towards);

#endif
