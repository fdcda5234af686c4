#include "command/rates.h"

#include <string.h>

#include "command/call.h"
#include "common/clock.h"
#include "net/server.h"
#include "net/timers.h"

enum { PERIOD_MS = 100, SAMPLES = 16, US_A_SECOND = 1000000 };

static struct {
    int64_t before; /* the counter at the last look */
    int64_t samples[SAMPLES]; /* per second */
} rates[RATE_COUNT];

static int next_sample;
static int64_t looked_us;

/* What the rate is the rate of. */
static int64_t counter_of(enum rate rate)
{
    switch (rate) {
    case RATE_COMMANDS:
        return calls_total;
    case RATE_INPUT_BYTES:
        return net_stats.input_bytes;
    default:
        return net_stats.output_bytes;
    }
}

/* A busy loop calls timers late, so the time that passed is measured. */
static int64_t look(void *owner)
{
    (void)owner;
    int64_t now_us = monotonic_us();
    int64_t passed_us = now_us - looked_us > 0 ? now_us - looked_us : 1;
    for (int i = 0; i < RATE_COUNT; i++) {
        int64_t now = counter_of((enum rate)i);
        double grown = (double)(now - rates[i].before);
        rates[i].samples[next_sample] =
            (int64_t)(grown * US_A_SECOND / (double)passed_us);
        rates[i].before = now;
    }
    next_sample = (next_sample + 1) % SAMPLES;
    looked_us = now_us;
    return PERIOD_MS;
}

void rates_start(void)
{
    looked_us = monotonic_us();
    timer_start(PERIOD_MS, look, NULL);
}

int64_t rate_per_second(enum rate rate)
{
    int64_t sum = 0;
    for (int i = 0; i < SAMPLES; i++)
        sum += rates[rate].samples[i];
    return sum / SAMPLES;
}

void rates_reset(void)
{
    memset(rates, 0, sizeof rates);
}
