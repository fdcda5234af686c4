/* siphash: SipHash-1-2, one round per eight bytes and two at the end.
 *
 *   key, 16 bytes -> v0 v1 v2 v3
 *   per 8 bytes m:   v3 ^= m, round, v0 ^= m
 *   last word:       the remaining 0..7 bytes, and the length on top
 *   result:          v0 ^ v1 ^ v2 ^ v3 after two more rounds
 *
 * The paper proposes 2 and 4 rounds; 1 and 2 is what Redis takes, twice as
 * fast and still without known collisions that need no key. */
#include "siphash.h"

#include <string.h>

#define ALWAYS_INLINE inline __attribute__((always_inline))

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate_left(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/* The paper's SipRound: additions, rotations and exclusive ors, no table. */
static inline void sip_round(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate_left(s->v1, 13) ^ s->v0;
    s->v0 = rotate_left(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate_left(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate_left(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate_left(s->v1, 17) ^ s->v2;
    s->v2 = rotate_left(s->v2, 32);
}

/* Eight bytes as a little-endian number. Compilers make one load of it. */
static inline uint64_t load64(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Four bytes likewise. */
static inline uint64_t load32(const uint8_t *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

/* The last `left` bytes, 0 to 7, of `len`. Without a loop: loads that overlap
 * what was read already are cheaper than a branch for each byte. */
static inline uint64_t load_tail(const uint8_t *p, size_t left, size_t len)
{
    if (left == 0)
        return 0;
    if (len >= 8)
        return load64(p + left - 8) >> (64 - 8 * left);
    if (left >= 4)
        return load32(p) | load32(p + left - 4) << (8 * left - 32);
    return (uint64_t)p[0] | (uint64_t)p[left / 2] << (left / 2 * 8) |
           (uint64_t)p[left - 1] << (8 * left - 8);
}

/* Sets bit 5 of each of the eight bytes that is in 'A'..'Z', all at once:
 * sums on the low seven bits carry into bit 7 from a bound upwards. */
static inline uint64_t lower8(uint64_t word)
{
    const uint64_t each = 0x0101010101010101u;
    uint64_t low7 = word & (each * 0x7f);
    uint64_t from_a = low7 + each * (0x80 - 'A');
    uint64_t past_z = low7 + each * (0x80 - 'Z' - 1);
    uint64_t upper = (from_a ^ past_z) & ~word & (each * 0x80);
    return word | (upper >> 2);
}

/* `nocase` is a constant in both calls, so each gets its own loop. */
static ALWAYS_INLINE uint64_t hash(const uint8_t *p, size_t len,
                                   const uint8_t *key, int nocase)
{
    uint64_t k0 = load64(key);
    uint64_t k1 = load64(key + 8);
    struct state s = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du,
                      k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u};
    uint64_t last = (uint64_t)len << 56;
    for (size_t words = len / 8; words > 0; words--, p += 8) {
        uint64_t word = nocase ? lower8(load64(p)) : load64(p);
        s.v3 ^= word;
        sip_round(&s);
        s.v0 ^= word;
    }
    uint64_t tail = load_tail(p, len % 8, len);
    last |= nocase ? lower8(tail) : tail;
    s.v3 ^= last;
    sip_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t siphash(const void *bytes, size_t len,
                 const uint8_t key[SIPHASH_KEY_BYTES])
{
    return hash(bytes, len, key, 0);
}

uint64_t siphash_nocase(const void *bytes, size_t len,
                        const uint8_t key[SIPHASH_KEY_BYTES])
{
    return hash(bytes, len, key, 1);
}
