/* access, inside: which of the two the 24 bits are is not kept with them. After
 * a change of the policy from LRU to LFU or back, old bits are read in the new
 * way and mean little until the key is used again, as in Redis.
 *
 * Both clocks wrap: seconds after 194 days, minutes after 45. A difference is
 * taken modulo the same number of bits, so it is right for a key that was used
 * within that time. */
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
    COUNTER_FIRST = 5 /* so that a new key is not the first to be evicted */
};

/* The LRU clock. */
static uint32_t now_s(void)
{
    return (uint32_t)(clock_ticked_us() / 1000000) & LRU_MASK;
}

/* The clock of LFU. */
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

/* The counter is not written when it decays: that would be work for keys that
 * are not used. What it has lost is computed when it is read. */
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

/* The counter grows with probability 1 / (distance * factor + 1), where
 * distance is how far it is above that of a new key. With factor 10 it takes
 * about a million uses to reach 255. */
uint32_t access_touched(uint32_t access)
{
    if (!access_counts_use())
        return now_s();
    uint32_t counter = access_frequency(access);
    if (counter < COUNTER_MAX) {
        double distance = counter > COUNTER_FIRST ? counter - COUNTER_FIRST : 0;
        double chance =
            1 / (distance * (double)store_settings.lfu_log_factor + 1);
        double drawn = (double)(random_u64() >> 11) / (double)(1ULL << 53);
        counter += drawn < chance;
    }
    return now_minutes() << COUNTER_BITS | counter;
}

int64_t access_idle_s(uint32_t access)
{
    return (now_s() - access) & LRU_MASK;
}
