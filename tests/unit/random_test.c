#include "common/random.h"

#include <string.h>

#include "check.h"

/* Counts how often each of `bound` values comes. With 20,000 expected, 800
 * away from that are more than five standard deviations. */
static void test_uniform(uint64_t bound)
{
    enum { EXPECTED = 20000, FAR = 800 };
    static int64_t counts[32];
    memset(counts, 0, sizeof counts);
    for (uint64_t i = 0; i < bound * EXPECTED; i++) {
        uint64_t value = random_below(bound);
        CHECK(value < bound);
        if (value < bound)
            counts[value]++;
    }
    for (uint64_t i = 0; i < bound; i++)
        CHECK(counts[i] > EXPECTED - FAR && counts[i] < EXPECTED + FAR);
}

/* Each of the 64 bits is set about half the time. */
static void test_bits(void)
{
    enum { DRAWS = 10000 };
    int counts[64] = {0};
    for (int i = 0; i < DRAWS; i++) {
        uint64_t value = random_u64();
        for (int bit = 0; bit < 64; bit++)
            counts[bit] += (int)(value >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++)
        CHECK(counts[bit] > DRAWS * 46 / 100 && counts[bit] < DRAWS * 54 / 100);
}

void test_random(void)
{
    test_uniform(1);
    test_uniform(2);
    test_uniform(3);
    test_uniform(7);
    test_uniform(32);
    CHECK(random_below(UINT64_MAX) != random_below(UINT64_MAX));
    CHECK((random_below((uint64_t)1 << 63) >> 63) == 0);
    test_bits();

    unsigned char a[1000] = {0}, b[1000] = {0};
    random_bytes(a, sizeof a - 1);
    random_bytes(b, sizeof b - 1);
    CHECK(memcmp(a, b, sizeof a) != 0);
    CHECK(memcmp(a + 990, b + 990, 9) != 0); /* the last part is filled too */
    CHECK(a[999] == 0);

    char hex[42] = "";
    random_hex(hex, 40);
    CHECK_INT((int64_t)strspn(hex, "0123456789abcdef"), 40);
    CHECK(hex[40] == '\0');
}
