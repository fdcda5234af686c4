#include "common/siphash.h"

#include <ctype.h>
#include <string.h>

#include "check.h"

static const uint64_t expected[] = {
#include "recorded/siphash.inc"
};

enum { VECTORS = sizeof expected / sizeof expected[0] };

static void test_vectors(const uint8_t *key)
{
    uint8_t input[VECTORS + 1];
    for (size_t len = 0; len < VECTORS; len++) {
        for (size_t i = 0; i < len; i++)
            input[i + 1] = (uint8_t)i; /* at an odd address */
        CHECK(siphash(input + 1, len, key) == expected[len]);
    }
}

/* Every byte at every place in a word, against tolower. */
static void test_nocase(const uint8_t *key)
{
    char text[19], lower[19];
    for (size_t len = 1; len <= sizeof text; len++) {
        for (int byte = 0; byte < 256; byte++) {
            memset(text, 'Q', len);
            text[len / 2] = (char)byte;
            text[len - 1] = (char)byte;
            for (size_t i = 0; i < len; i++)
                lower[i] = (char)tolower((unsigned char)text[i]);
            CHECK(siphash_nocase(text, len, key) == siphash(lower, len, key));
        }
    }
}

void test_siphash(void)
{
    uint8_t key[SIPHASH_KEY_BYTES];
    for (int i = 0; i < SIPHASH_KEY_BYTES; i++)
        key[i] = (uint8_t)i;
    CHECK_INT(VECTORS, 64);
    test_vectors(key);
    test_nocase(key);
    key[15] ^= 1;
    CHECK(siphash("", 0, key) != expected[0]);
}
