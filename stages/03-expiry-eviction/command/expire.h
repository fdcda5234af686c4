/* expire: what commands share that give a key its time. */
#ifndef COMMAND_EXPIRE_H
#define COMMAND_EXPIRE_H

#include <stdint.h>

struct client;
struct entry;

/* Gives the key of the command, argv[1], its expiry in milliseconds since 1970.
 * One whose time is over is removed at once, and `e` is no more. */
void expire_at(struct client *c, struct entry *e, int64_t when_ms);

#endif
