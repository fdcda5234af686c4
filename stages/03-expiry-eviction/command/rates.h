/* rates: how much is going on per second, lately.
 *
 * The counters only say how much there was since they began. A timer looks at
 * them ten times a second and keeps the last sixteen differences; their average
 * is what the server does now. */
#ifndef COMMAND_RATES_H
#define COMMAND_RATES_H

#include <stdint.h>

enum rate { RATE_COMMANDS, RATE_INPUT_BYTES, RATE_OUTPUT_BYTES, RATE_COUNT };

/* Begins to look at the counters. */
void rates_start(void);

/* Per second, over the last samples. */
int64_t rate_per_second(enum rate rate);

/* Forgets the samples; call it when the counters have begun anew. */
void rates_reset(void);

#endif
