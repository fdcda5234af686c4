#include "common/crc64.h"

#include <string.h>

#include "check.h"

/* The check value of the polynomial, and that it does not matter in which pieces
 * the bytes come. */
void test_crc64(void)
{
    char bytes[100];
    CHECK(crc64(0, "", 0) == 0);
    CHECK(crc64(0, "123456789", 9) == 0xe9c6d914c4b8d9caULL);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    uint64_t whole = crc64(0, bytes, sizeof bytes);
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        uint64_t first = crc64(0, bytes, cut);
        CHECK(crc64(first, bytes + cut, sizeof bytes - cut) == whole);
    }
    for (size_t i = 0; i < sizeof bytes * 8; i++) {
        bytes[i / 8] ^= (char)(1 << i % 8);
        CHECK(crc64(0, bytes, sizeof bytes) != whole);
        bytes[i / 8] ^= (char)(1 << i % 8);
    }
}
