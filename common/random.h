/* random: numbers that cannot be foreseen, and numbers that come cheaply. */
#ifndef COMMON_RANDOM_H
#define COMMON_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* From the system, for keys and identifiers. Aborts where it gives none. */
void random_bytes(void *out, size_t len);

/* Writes `len` lower-case hexadecimal digits and a NUL. */
void random_hex(char *out, size_t len);

/* Fast and good enough for sampling; seeded from the system on first use. */
uint64_t random_u64(void);

/* Uniform in [0, bound); bound must not be 0. */
uint64_t random_below(uint64_t bound);

#endif
