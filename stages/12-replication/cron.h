/* cron: what the server does by itself between two commands.
 *
 * Each call takes a bounded time, however much there is to do, and goes on at
 * the next: while it runs, no client is served. */
#ifndef CRON_H
#define CRON_H

#include "common/config.h"

extern const struct config_row cron_config[];

/* Starts the timers. The event loop must be open. */
void cron_start(void);

#endif
