#include "more/10-rdb/store/use.h"

#include "common/clock.h"
#include "store/access.h"
#include "store/settings.h"

enum { COUNTER_BITS = 8 };

void entry_set_use(struct entry *e, int64_t idle_s, int64_t frequency)
{
    int64_t now_us = clock_ticked_us();
    bool is_lfu = store_settings.policy & EVICT_LFU;
    if (is_lfu && frequency >= 0)
        e->access = lfu_first(now_us) >> COUNTER_BITS << COUNTER_BITS |
                    (uint32_t)frequency;
    if (!is_lfu && idle_s >= 0)
        e->access = lru_used(now_us - idle_s % (1 << 24) * 1000000);
}
