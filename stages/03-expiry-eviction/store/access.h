/* access: 24 bits in each entry that say how much its key is used.
 *
 *   LRU   | seconds, modulo 2^24                            |
 *   LFU   | minutes, modulo 2^16          | counter, 8 bits |
 *
 * The policy decides which of the two is written. The counter is logarithmic:
 * the higher it is, the less likely one more use adds 1, so 255 means about a
 * million uses. It loses 1 every lfu-decay-time minutes. (evict.c in Redis; the
 * counter is Morris's, "Counting Large Numbers of Events in Small Registers",
 * 1978.) Each function is O(1), takes the bits and returns others: what they
 * are bits of, it does not know. */
#ifndef STORE_ACCESS_H
#define STORE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Returns whether the policy is LFU, which counts uses. */
bool access_counts_use(void);

/* Returns the bits of a new entry. */
uint32_t access_first(void);

/* Returns the bits of a key that was used once more. */
uint32_t access_touched(uint32_t access);

/* Returns the idle time: seconds since the last use, under an LRU policy. */
int64_t access_idle_s(uint32_t access);

/* Returns the counter with what it has lost since, under an LFU policy. */
uint32_t access_frequency(uint32_t access);

#endif
