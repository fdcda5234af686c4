/* housekeeping: what the server does for itself between two commands.
 *
 * Each piece of work takes a bounded time, however much there is to do, and
 * goes on in the next turn or at the next beat. */
#ifndef HOUSEKEEPING_H
#define HOUSEKEEPING_H

#include "config.h"

extern const struct config_row housekeeping_config[];

/* Begins; the event loop must be open. */
void housekeeping_start(void);

#endif
