/* cron: what the server does for itself between two commands.
 *
 * Each piece of work takes a bounded time, however much there is to do, and
 * goes on at the next call. */
#ifndef CRON_H
#define CRON_H

#include "common/config.h"

extern const struct config_row cron_config[];

/* Begins; the event loop must be open. */
void cron_start(void);

#endif
