/* moving: BLMOVE and BRPOPLPUSH, for code that extends them. */
#ifndef MORE_BLOCKING_PUBSUB_COMMAND_MOVING_H
#define MORE_BLOCKING_PUBSUB_COMMAND_MOVING_H

#include <stdbool.h>

struct client;

/* Parses the two ends of BLMOVE; BRPOPLPUSH has no such arguments. Replies with
 * an error and returns false if one is invalid. */
bool ends_or_reply(struct client *c, int *from, int *to);

/* The handler of both. */
void move_or_wait(struct client *c);

#endif
