/* look_ahead: prefetches the keys of the commands that wait in the input
 * buffer. */
#ifndef MORE_COMMAND_LOOK_AHEAD_H
#define MORE_COMMAND_LOOK_AHEAD_H

#include <stddef.h>

struct client;

/* Prefetches the keys of the commands in the client's input, if there are
 * several. Returns how far it has looked. */
size_t look_ahead(struct client *c);

#endif
