/* access: 24 bits in each entry that say how much its key is used.
 *
 *   LRU   | seconds, modulo 2^24                          |
 *   LFU   | minutes, modulo 2^16          | counter, 8 bits |
 *
 * Which of the two is written depends on maxmemory-policy. The counter is
 * logarithmic: the more it shows, the less likely one use more adds one, so 255
 * stands for about a million; it loses one each lfu-decay-time minutes. (After
 * evict.c in Redis; the counter is Morris's, "Counting Large Numbers of Events
 * in Small Registers", 1978.) */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the policy wants to know how often a key is used: LFU, not LRU. */
bool access_counts_use(void);

/* What a new entry begins with. */
uint32_t access_first(void);

/* The same bits after the key was used once more. */
uint32_t access_touched(uint32_t access);

/* Seconds since the key was used last, under an LRU policy. */
int64_t access_idle_s(uint32_t access);

/* The counter as it is now, under an LFU policy. */
uint32_t access_frequency(uint32_t access);

#endif
