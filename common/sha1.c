/* sha1: FIPS 180-4, sections 4.1.1, 5 and 6.1.
 *
 * The message, a one bit, zeros and the length in bits fill whole blocks of
 * 64 bytes; each block stirs the five words of the state. */
#include "sha1.h"

#include <string.h>

enum { BLOCK_BYTES = 64 };

static uint32_t rotate_left(uint32_t x, int bits)
{
    return (x << bits) | (x >> (32 - bits));
}

/* Stretches the block's 16 big-endian words to the 80 of the schedule. */
static void expand(const uint8_t *block, uint32_t w[80])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++)
        w[i] = rotate_left(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
}

/* The function and constant of step i; both change every 20 steps. */
static uint32_t mix(int i, uint32_t b, uint32_t c, uint32_t d)
{
    if (i < 20)
        return ((b & c) | (~b & d)) + 0x5a827999u;
    if (i < 40)
        return (b ^ c ^ d) + 0x6ed9eba1u;
    if (i < 60)
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
    return (b ^ c ^ d) + 0xca62c1d6u;
}

/* Adds a block to the state (6.1.2). */
static void stir(uint32_t state[5], const uint8_t *block)
{
    uint32_t w[80];
    expand(block, w);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3],
             e = state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t next = rotate_left(a, 5) + mix(i, b, c, d) + e + w[i];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

/* The last one or two blocks: what is left over, the one bit, the length. */
static void stir_tail(uint32_t state[5], const uint8_t *bytes, size_t len)
{
    uint8_t tail[2 * BLOCK_BYTES] = {0};
    size_t left = len % BLOCK_BYTES;
    size_t size = left < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES;
    if (left != 0)
        memcpy(tail, bytes + len - left, left);
    tail[left] = 0x80;
    uint64_t bits = (uint64_t)len * 8;
    for (size_t i = 0; i < 8; i++)
        tail[size - 1 - i] = (uint8_t)(bits >> (8 * i));
    stir(state, tail);
    if (size > BLOCK_BYTES)
        stir(state, tail + BLOCK_BYTES);
}

/* Five words to start with (5.3.1), and all blocks on top. */
void sha1(const void *bytes, size_t len, uint8_t out[SHA1_BYTES])
{
    uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
                         0xc3d2e1f0};
    const uint8_t *at = bytes;
    size_t whole = len - len % BLOCK_BYTES;
    for (size_t i = 0; i < whole; i += BLOCK_BYTES)
        stir(state, at + i);
    stir_tail(state, at, len);
    for (int i = 0; i < SHA1_BYTES; i++)
        out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
