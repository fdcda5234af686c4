/* clock: what time it is.
 *
 * The wall clock dates things (expiry, logs); the monotonic one measures
 * them (timers, how long something took) and never goes back. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

int64_t clock_us(void); /* microseconds since 1970 */
int64_t clock_ms(void);
int64_t monotonic_us(void); /* microseconds since some fixed moment */
int64_t monotonic_ms(void);

/* Reads the wall clock for all who ask until the next tick, so that what
 * belongs together happens at one time; returns it. */
int64_t clock_tick(void);
int64_t clock_ticked_us(void);
int64_t clock_ticked_ms(void);

#endif
