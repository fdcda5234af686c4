#include "common/sha1.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void check_digest(const void *bytes, size_t len, const char *wanted)
{
    uint8_t digest[SHA1_BYTES];
    char hex[2 * SHA1_BYTES + 1];
    sha1(bytes, len, digest);
    for (int i = 0; i < SHA1_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    CHECK_TEXT(slice_of(hex), wanted, SLICE("digest"));
}

/* Lengths around a block's end are where padding goes wrong: the digest of
 * the digests of 0 to 200 times 'a'. */
static void test_lengths(void)
{
    static uint8_t digests[201 * SHA1_BYTES];
    char text[200];
    memset(text, 'a', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++)
        sha1(text, len, digests + len * SHA1_BYTES);
    check_digest(digests, sizeof digests,
                 "f6f332e8f89c35ee3df74d34ef8fda777d9647b9");
}

/* The examples that NIST publishes for FIPS 180. */
void test_sha1(void)
{
    static char million[1000000];
    memset(million, 'a', sizeof million);
    check_digest("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
    check_digest(NULL, 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                 "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    check_digest(million, sizeof million,
                 "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    test_lengths();
}
