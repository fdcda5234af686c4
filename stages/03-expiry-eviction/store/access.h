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

#include <stdint.h>

struct entry;

/* What a new entry begins with. */
uint32_t access_first(void);

/* Notes that the key was used. */
void access_touch(struct entry *e);

/* Seconds since it was used last, under an LRU policy. */
int64_t access_idle_s(const struct entry *e);

/* The counter as it would be now, under an LFU policy. */
uint32_t access_frequency(const struct entry *e);

/* Say what a key looks like that was idle so long, or used so often. */
void access_set_idle(struct entry *e, int64_t idle_s);
void access_set_frequency(struct entry *e, uint32_t frequency);

#endif
