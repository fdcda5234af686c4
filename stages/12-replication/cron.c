#include "cron.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/clock.h"
#include "net/event_loop.h"
#include "net/timers.h"
#include "store/evict.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/lazyfree.h"
#include "store/settings.h"

enum { REHASH_US = 1000, FREE_US = 1000, HZ_MIN = 1, HZ_MAX = 500 };

static int64_t hz; /* calls to server_cron in a second */

/* Brings hz into its range. Like Redis, CONFIG SET accepts numbers outside. */
static bool clamp_hz(const char **error)
{
    (void)error;
    if (hz < HZ_MIN)
        hz = HZ_MIN;
    if (hz > HZ_MAX)
        hz = HZ_MAX;
    return true;
}

const struct config_row cron_config[] = {
    {CONFIG_NUMBER(INTEGER, "hz", hz, "10", 0, INT_MAX), .apply = clamp_hz},
    {.name = NULL},
};

/* Goes on with resizing the dicts of all databases. Commands do so only for the
 * dict that they use, so one at rest would keep two tables of buckets. */
static int64_t server_cron(void *owner)
{
    (void)owner;
    if (store_settings.active_rehashing)
        keyspace_rehash(REHASH_US);
    return 1000 / hz;
}

/* Removes keys whose time has come. The cycle itself says when to go on. */
static int64_t run_expire_cycle(void *owner)
{
    (void)owner;
    return expire_cycle();
}

static bool is_freeing; /* a timer runs continue_freeing */

/* Frees more of what waits, for a while in each turn. */
static int64_t continue_freeing(void *owner)
{
    (void)owner;
    int64_t end_us = monotonic_us() + FREE_US;
    do
        is_freeing = lazyfree_step();
    while (is_freeing && monotonic_us() < end_us);
    return is_freeing ? 0 : TIMER_ENDS;
}

static bool is_evicting; /* a timer runs continue_eviction */

/* Goes on with evicting keys, once a turn, until memory is below its limit. */
static int64_t continue_eviction(void *owner)
{
    (void)owner;
    is_evicting = evict_to_fit() == EVICT_UNDERWAY;
    return is_evicting ? 0 : TIMER_ENDS;
}

/* Starts the one timer if a value waits to be freed, the other if a command had
 * no time to evict all that it should. */
static void before_sleep(void)
{
    if (!is_freeing && lazyfree.freed < lazyfree.put_off) {
        is_freeing = true;
        timer_start(0, continue_freeing, NULL);
    }
    if (is_evicting || !evict_is_underway())
        return;
    is_evicting = true;
    timer_start(0, continue_eviction, NULL);
}

void cron_start(void)
{
    const char *error;
    clamp_hz(&error);
    timer_start(1000 / hz, server_cron, NULL);
    timer_start(0, run_expire_cycle, NULL);
    event_each_turn(before_sleep);
}
