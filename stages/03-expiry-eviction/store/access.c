#include "store/access.h"

#include "common/clock.h"
#include "common/random.h"
#include "store/entry.h"
#include "store/evict.h"

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

uint32_t access_first(void)
{
    return evict_counts_use() ? now_minutes() << COUNTER_BITS | COUNTER_FIRST
                              : now_s();
}

uint32_t access_frequency(const struct entry *e)
{
    uint32_t minutes = e->access >> COUNTER_BITS;
    uint32_t counter = e->access & COUNTER_MAX;
    uint32_t passed = (now_minutes() - minutes) & MINUTES_MASK;
    uint32_t lost = evict_settings.lfu_decay_time
                        ? passed / (uint32_t)evict_settings.lfu_decay_time
                        : 0;
    return lost > counter ? 0 : counter - lost;
}

/* One use more: the counter grows with probability 1 / (distance * factor). */
static uint32_t count_use(uint32_t counter)
{
    if (counter == COUNTER_MAX)
        return counter;
    double base = counter > COUNTER_FIRST ? counter - COUNTER_FIRST : 0;
    double chance = 1 / (base * (double)evict_settings.lfu_log_factor + 1);
    double drawn = (double)(random_u64() >> 11) / (double)(1ULL << 53);
    return drawn < chance ? counter + 1 : counter;
}

void access_touch(struct entry *e)
{
    if (evict_counts_use())
        access_set_frequency(e, count_use(access_frequency(e)));
    else
        e->access = now_s();
}

int64_t access_idle_s(const struct entry *e)
{
    return (now_s() - e->access) & LRU_MASK;
}

void access_set_idle(struct entry *e, int64_t idle_s)
{
    e->access = (now_s() - (uint32_t)idle_s) & LRU_MASK;
}

void access_set_frequency(struct entry *e, uint32_t frequency)
{
    e->access = now_minutes() << COUNTER_BITS | (frequency & COUNTER_MAX);
}
