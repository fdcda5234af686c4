#include "housekeeping.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/event_loop.h"
#include "net/timers.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"
#include "store/settings.h"

enum { REHASH_US = 1000, BEATS_MIN = 1, BEATS_MAX = 500 };

static int64_t beats_per_second;

/* Any number is taken, and brought into the range that makes sense. */
static bool clamp_beats(const char **error)
{
    (void)error;
    if (beats_per_second < BEATS_MIN)
        beats_per_second = BEATS_MIN;
    if (beats_per_second > BEATS_MAX)
        beats_per_second = BEATS_MAX;
    return true;
}

const struct config_row housekeeping_config[] = {
    {.name = "hz",
     .type = CONFIG_INTEGER,
     .value = &beats_per_second,
     .fallback = "10",
     .max = INT_MAX,
     .apply = clamp_beats},
    {.name = NULL},
};

/* No turn waits while there is memory to be freed. */
static void each_turn(void)
{
    if (lazyfree_step())
        event_do_not_wait();
}

/* A resize goes on even when nobody uses the table. Returns the milliseconds
 * until the next beat. */
static int64_t each_beat(void *owner)
{
    (void)owner;
    if (store_settings.active_rehashing)
        keyspace_rehash(REHASH_US);
    return 1000 / beats_per_second;
}

void housekeeping_start(void)
{
    const char *error;
    clamp_beats(&error);
    event_each_turn(each_turn);
    timer_start(1000 / beats_per_second, each_beat, NULL);
}
