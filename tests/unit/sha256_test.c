#include "common/sha256.h"

#include <string.h>

#include "check.h"

static void check_digest(struct slice bytes, const char *wanted)
{
    char hex[SHA256_HEX + 1];
    sha256_hex(bytes, hex);
    CHECK_TEXT(slice_of(hex), wanted, SLICE("digest"));
}

/* Lengths around a block's end are where padding goes wrong: the digest of
 * the digests of 0 to 200 times 'a'. */
static void test_lengths(void)
{
    static char digests[201 * SHA256_HEX + 1];
    char text[200];
    memset(text, 'a', sizeof text);
    for (size_t len = 0; len <= sizeof text; len++)
        sha256_hex((struct slice){text, len}, digests + len * SHA256_HEX);
    check_digest(
        (struct slice){digests, sizeof digests - 1},
        "eb555248bd20c7831e511d4461b42c9b084e3a64b44d57b00051172f8afe03ff");
}

/* The examples that NIST publishes for FIPS 180. */
void test_sha256(void)
{
    static char million[1000000];
    memset(million, 'a', sizeof million);
    check_digest(
        SLICE("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_digest(
        (struct slice){NULL, 0},
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_digest(
        SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check_digest(
        (struct slice){million, sizeof million},
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    test_lengths();
    CHECK(constant_time_equal("same", "same", 4));
    CHECK(constant_time_equal("same", "sane", 2));
    CHECK(!constant_time_equal("same", "sane", 4));
    CHECK(!constant_time_equal("\x01", "\x81", 1));
    CHECK(constant_time_equal("", "", 0));
}
