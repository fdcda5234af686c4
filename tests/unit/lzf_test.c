#include "common/lzf.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { LONGEST = 100000 };

static uint8_t text[LONGEST], packed[2 * LONGEST], again[LONGEST];

/* Whether the text comes back from its short form; a shorter room than that
 * needs is refused. Returns the length of the short form. */
static size_t check_round_trip(size_t len)
{
    size_t size = lzf_compress(text, len, packed, sizeof packed);
    CHECK(len == 0 || size > 0);
    memset(again, 0xAA, sizeof again);
    CHECK(lzf_decompress(packed, size, again, len));
    CHECK(memcmp(text, again, len) == 0);
    CHECK(!lzf_decompress(packed, size, again, len + 1));
    CHECK(len == 0 || !lzf_decompress(packed, size, again, len - 1));
    CHECK(len == 0 || lzf_compress(text, len, packed, size - 1) == 0);
    return size;
}

/* A text is made of `letters` different bytes, drawn by a generator of its own. */
static void fill(size_t len, unsigned letters)
{
    uint32_t state = 12345 + letters;
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        text[i] = (uint8_t)((state >> 16) % letters);
    }
}

/* The examples of the header, byte by byte; what redis-server 7.0.15 writes for
 * a hundred times 'a' decompresses to it. */
static void test_format(void)
{
    static const uint8_t of_redis[] = {0x01, 'a',  'a', 0xe0, 0x57,
                                       0x00, 0x01, 'a', 'a'};
    CHECK(lzf_decompress((const uint8_t *)"\x02xyz", 4, again, 3));
    CHECK(memcmp(again, "xyz", 3) == 0);
    CHECK(lzf_decompress((const uint8_t *)"\x01"
                                          "ab\x20\x01",
                         5, again, 5));
    CHECK(memcmp(again, "ababa", 5) == 0);
    CHECK(lzf_decompress(of_redis, sizeof of_redis, again, 100));
    for (int i = 0; i < 100; i++)
        CHECK(again[i] == 'a');
}

/* Whatever the bytes are, decompressing them reads and writes nothing outside:
 * the sanitizers of another build look. */
static void test_any_bytes(void)
{
    uint32_t state = 1;
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[24], *exact;
        size_t len = (size_t)i % sizeof bytes;
        for (size_t k = 0; k < len; k++) {
            state = state * 1664525 + 1013904223;
            bytes[k] = (uint8_t)(state >> 24);
        }
        exact = malloc(len + 1);
        memcpy(exact, bytes, len);
        uint8_t *out = malloc(300);
        lzf_decompress(exact, len, out, (size_t)i % 300);
        free(out);
        free(exact);
    }
}

void test_lzf(void)
{
    test_format();
    for (unsigned letters = 1; letters <= 256; letters *= 4) {
        for (size_t len = 0; len < 600; len++) {
            fill(len, letters);
            check_round_trip(len);
        }
        fill(LONGEST, letters);
        check_round_trip(LONGEST);
    }
    memset(text, 'x', LONGEST);
    CHECK(check_round_trip(LONGEST) <= LONGEST / LZF_RATIO_MAX + 4);
    test_any_bytes();
}
