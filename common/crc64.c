/* crc64, inside: the remainder of a division of polynomials, lowest bit first.
 *
 * A table says what a byte does to the remainder. Seven more say what it does
 * with one to seven bytes behind it, so that eight bytes are looked up at once
 * and do not wait for each other. */
#include "crc64.h"

#include <stdbool.h>

enum { BYTES_AT_ONCE = 8, BYTE_VALUES = 256 };

#define POLYNOMIAL \
    0x95ac9329ac4bc9b5ULL /* ad93d23594c935a9, its bits reversed */

static uint64_t tables[BYTES_AT_ONCE][BYTE_VALUES];

/* Fills the tables, each from the one before it. */
static void fill_tables(void)
{
    for (int value = 0; value < BYTE_VALUES; value++) {
        uint64_t rest = (uint64_t)value;
        for (int bit = 0; bit < 8; bit++)
            rest = rest & 1 ? rest >> 1 ^ POLYNOMIAL : rest >> 1;
        tables[0][value] = rest;
    }
    for (int behind = 1; behind < BYTES_AT_ONCE; behind++) {
        for (int value = 0; value < BYTE_VALUES; value++) {
            uint64_t rest = tables[behind - 1][value];
            tables[behind][value] = rest >> 8 ^ tables[0][rest & 0xff];
        }
    }
}

/* Returns eight bytes as a number, the first one lowest. */
static uint64_t read_eight(const uint8_t *bytes)
{
    uint64_t number = 0;
    for (int i = BYTES_AT_ONCE - 1; i >= 0; i--)
        number = number << 8 | bytes[i];
    return number;
}

uint64_t crc64(uint64_t crc, const void *bytes, size_t len)
{
    static bool are_filled;
    const uint8_t *at = bytes;
    if (!are_filled)
        fill_tables();
    are_filled = true;
    for (; len >= BYTES_AT_ONCE; len -= BYTES_AT_ONCE, at += BYTES_AT_ONCE) {
        crc ^= read_eight(at);
        uint64_t next = 0;
        for (int i = 0; i < BYTES_AT_ONCE; i++, crc >>= 8)
            next ^= tables[BYTES_AT_ONCE - 1 - i][crc & 0xff];
        crc = next;
    }
    for (; len > 0; len--, at++)
        crc = tables[0][(crc ^ *at) & 0xff] ^ crc >> 8;
    return crc;
}
