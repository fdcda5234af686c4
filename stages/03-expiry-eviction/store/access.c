#include "store/access.h"

#include "common/clock.h"
#include "common/random.h"
#include "store/settings.h"

enum {
    LRU_BITS = 24,
    LRU_MASK = (1 << LRU_BITS) - 1,
    MINUTES_MASK = 0xFFFF,
    COUNTER_BITS = 8,
    COUNTER_MAX = 255,
    COUNTER_FIRST = 5 /* a new key is not the first to go */
};

static uint32_t now_s(void)
{
    return (uint32_t)(clock_ticked_us() / 1000000) & LRU_MASK;
}

static uint32_t now_minutes(void)
{
    return (uint32_t)(clock_ticked_us() / 60000000) & MINUTES_MASK;
}

bool access_counts_use(void)
{
    return store_settings.policy & EVICT_LFU;
}

uint32_t access_first(void)
{
    return access_counts_use() ? now_minutes() << COUNTER_BITS | COUNTER_FIRST
                               : now_s();
}

uint32_t access_frequency(uint32_t access)
{
    uint32_t minutes = access >> COUNTER_BITS;
    uint32_t counter = access & COUNTER_MAX;
    uint32_t passed = (now_minutes() - minutes) & MINUTES_MASK;
    uint32_t lost = store_settings.lfu_decay_time
                        ? passed / (uint32_t)store_settings.lfu_decay_time
                        : 0;
    return lost > counter ? 0 : counter - lost;
}

/* One use more: the counter grows with probability 1 / (distance * factor + 1),
 * the distance being what it has above that of a new key. */
static uint32_t count_use(uint32_t counter)
{
    if (counter == COUNTER_MAX)
        return counter;
    double distance = counter > COUNTER_FIRST ? counter - COUNTER_FIRST : 0;
    double chance = 1 / (distance * (double)store_settings.lfu_log_factor + 1);
    double drawn = (double)(random_u64() >> 11) / (double)(1ULL << 53);
    return drawn < chance ? counter + 1 : counter;
}

uint32_t access_touched(uint32_t access)
{
    if (!access_counts_use())
        return now_s();
    return now_minutes() << COUNTER_BITS | count_use(access_frequency(access));
}

int64_t access_idle_s(uint32_t access)
{
    return (now_s() - access) & LRU_MASK;
}
