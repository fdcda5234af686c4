/* rates: measures commands and bytes per second.
 *
 * A timer reads the counters ten times a second and keeps the last sixteen
 * differences. Their average is the rate. */
#include "more/02-keyspace/command/rates.h"

#include <string.h>

#include "common/clock.h"
#include "more/02-keyspace/command/stats.h"
#include "more/02-keyspace/net/traffic_stats.h"
#include "net/timers.h"

enum { PERIOD_MS = 100, SAMPLES = 16, US_A_SECOND = 1000000 };

static struct {
    int64_t before; /* the counter at the last sample */
    int64_t samples[SAMPLES]; /* per second */
} rates[RATE_COUNT];

static int next_sample;
static int64_t sampled_us;

/* Returns the counter whose growth is the rate. */
static int64_t counter_of(enum rate rate)
{
    switch (rate) {
    case RATE_COMMANDS:
        return stats_calls;
    case RATE_INPUT_BYTES:
        return traffic_stats.input_bytes;
    default:
        return traffic_stats.output_bytes;
    }
}

/* A busy loop calls timers late, so the time that passed is measured. */
static int64_t take_samples(void *owner)
{
    (void)owner;
    int64_t now_us = monotonic_us();
    int64_t passed_us = now_us - sampled_us > 0 ? now_us - sampled_us : 1;
    for (int i = 0; i < RATE_COUNT; i++) {
        int64_t now = counter_of((enum rate)i);
        double grown = (double)(now - rates[i].before);
        rates[i].samples[next_sample] =
            (int64_t)(grown * US_A_SECOND / (double)passed_us);
        rates[i].before = now;
    }
    next_sample = (next_sample + 1) % SAMPLES;
    sampled_us = now_us;
    return PERIOD_MS;
}

/* The counters begin again from zero. */
static void forget_samples(void)
{
    memset(rates, 0, sizeof rates);
}

void rates_open(void)
{
    sampled_us = monotonic_us();
    timer_start(PERIOD_MS, take_samples, NULL);
    stats_on_reset(forget_samples);
}

int64_t rate_per_second(enum rate rate)
{
    int64_t sum = 0;
    for (int i = 0; i < SAMPLES; i++)
        sum += rates[rate].samples[i];
    return sum / SAMPLES;
}
