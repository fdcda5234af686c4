/* group_edit: changes the consumers of a group. */
#ifndef MORE_STORE_GROUP_EDIT_H
#define MORE_STORE_GROUP_EDIT_H

#include "store/group.h"

/* Removes a consumer and frees it. What it has is not pending any more. */
void consumer_delete(struct group *g, struct consumer *consumer);

/* Gives a pending entry to another consumer, or to the same one. */
void pending_give(struct pending *p, struct consumer *to);

#endif
