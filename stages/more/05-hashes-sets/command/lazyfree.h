/* lazyfree: lets the parameters lazyfree-lazy-user-del and -user-flush take
 * effect, adds FLUSHDB ASYNC, and tells INFO what waits to be freed. */
#ifndef MORE_COMMAND_LAZYFREE_H
#define MORE_COMMAND_LAZYFREE_H

/* Registers the rows, which replace those that there are, and the fields. */
void lazyfree_open(void);

#endif
