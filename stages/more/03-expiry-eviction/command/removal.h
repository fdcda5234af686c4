/* removal: when the server may not remove keys: while writes are paused, and
 * where a test says so. */
#ifndef MORE_COMMAND_REMOVAL_H
#define MORE_COMMAND_REMOVAL_H

void removal_open(void);

#endif
