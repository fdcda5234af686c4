/* clock: both clocks of POSIX, in microseconds. */
#include "clock.h"

#include <time.h>

/* Nanoseconds are cut off, so times never lie in the future. */
static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_us(void)
{
    return read_us(CLOCK_REALTIME);
}

int64_t clock_ms(void)
{
    return clock_us() / 1000;
}

int64_t monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

static int64_t ticked_us;

int64_t clock_tick(void)
{
    ticked_us = clock_us();
    return ticked_us;
}

int64_t clock_ticked_us(void)
{
    return ticked_us;
}

int64_t clock_ticked_ms(void)
{
    return ticked_us / 1000;
}
