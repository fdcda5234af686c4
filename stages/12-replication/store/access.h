/* access: 24 bits in each entry that say how much its key is used.
 *
 *   LRU   | seconds, modulo 2^24                            |
 *   LFU   | minutes, modulo 2^16          | counter, 8 bits |
 *
 * The counter is logarithmic: the higher it is, the less likely one more use
 * adds 1, so 255 means about a million uses. It loses 1 every few minutes.
 * (evict.c in Redis; the counter is Morris's, "Counting Large Numbers of Events
 * in Small Registers", 1978.)
 *
 * Each function is O(1) and pure: it takes bits and a time, and returns others.
 * Which of the two the bits are, and what they are bits of, is the caller's
 * concern. `now_us` may be any clock, as long as it is always the same. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include <stdint.h>

/* How fast the counter of LFU grows and shrinks. */
struct lfu_rates {
    int64_t log_factor; /* the higher, the slower it grows; 0 or more */
    int64_t decay_minutes; /* for each 1 that it loses; 0: it loses none */
};

/* Returns the bits of a key that is used now. */
uint32_t lru_used(int64_t now_us);

/* Returns the seconds since the last use. */
int64_t lru_idle_s(uint32_t access, int64_t now_us);

/* Returns the bits of a new key. */
uint32_t lfu_first(int64_t now_us);

/* Returns the bits of a key that is used once more. `drawn` is random, evenly
 * between 0 and 1: the lower, the more likely the counter grows. */
uint32_t lfu_used(uint32_t access, int64_t now_us, struct lfu_rates rates,
                  double drawn);

/* Returns the counter, less what it has lost since the last use. */
uint32_t lfu_counter(uint32_t access, int64_t now_us, struct lfu_rates rates);

#endif
