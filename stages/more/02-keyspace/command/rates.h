/* rates: measures commands and bytes per second. */
#ifndef MORE_COMMAND_RATES_H
#define MORE_COMMAND_RATES_H

#include <stdint.h>

enum rate { RATE_COMMANDS, RATE_INPUT_BYTES, RATE_OUTPUT_BYTES, RATE_COUNT };

/* Begins to sample the counters. */
void rates_open(void);

/* Returns the average of the last samples. */
int64_t rate_per_second(enum rate rate);

#endif
