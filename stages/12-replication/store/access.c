/* access, inside: which of the two the 24 bits are is not kept with them. After
 * a change of the policy from LRU to LFU or back, old bits are read in the new
 * way and mean little until the key is used again, as in Redis.
 *
 * Both clocks wrap: seconds after 194 days, minutes after 45. A difference is
 * taken modulo the same number of bits, so it is right for a key that was used
 * within that time. */
#include "store/access.h"

enum {
    LRU_MASK = (1 << 24) - 1,
    MINUTES_MASK = 0xFFFF,
    COUNTER_BITS = 8,
    COUNTER_MAX = 255,
    COUNTER_FIRST = 5 /* so that a new key is not the first to be evicted */
};

uint32_t lru_used(int64_t now_us)
{
    return (uint32_t)(now_us / 1000000) & LRU_MASK;
}

int64_t lru_idle_s(uint32_t access, int64_t now_us)
{
    return (lru_used(now_us) - access) & LRU_MASK;
}

/* Returns the bits with that counter and the present time. */
static uint32_t lfu_bits(int64_t now_us, uint32_t counter)
{
    uint32_t minutes = (uint32_t)(now_us / 60000000) & MINUTES_MASK;
    return minutes << COUNTER_BITS | counter;
}

uint32_t lfu_first(int64_t now_us)
{
    return lfu_bits(now_us, COUNTER_FIRST);
}

/* The counter is not written when it decays: that would be work for keys that
 * are not used. What it has lost is computed when it is read. */
uint32_t lfu_counter(uint32_t access, int64_t now_us, struct lfu_rates rates)
{
    uint32_t counter = access & COUNTER_MAX;
    uint32_t then = access >> COUNTER_BITS;
    uint32_t now = lfu_bits(now_us, 0) >> COUNTER_BITS;
    if (rates.decay_minutes == 0)
        return counter;
    int64_t lost = ((now - then) & MINUTES_MASK) / rates.decay_minutes;
    return lost > counter ? 0 : counter - (uint32_t)lost;
}

/* The counter grows with probability 1 / (distance * log_factor + 1), where
 * distance is how far it is above that of a new key. With factor 10 it takes
 * about a million uses to reach 255. */
uint32_t lfu_used(uint32_t access, int64_t now_us, struct lfu_rates rates,
                  double drawn)
{
    uint32_t counter = lfu_counter(access, now_us, rates);
    double distance = counter > COUNTER_FIRST ? counter - COUNTER_FIRST : 0;
    double chance = 1 / (distance * (double)rates.log_factor + 1);
    if (counter < COUNTER_MAX && drawn < chance)
        counter++;
    return lfu_bits(now_us, counter);
}
