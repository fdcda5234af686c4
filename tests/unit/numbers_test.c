#include "common/numbers.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "common/random.h"

/* A spelling and how Redis prints it, or "" when it takes none of it. */
struct recorded {
    struct slice given;
    const char *answer;
};

static const struct recorded integers[] = {
#include "recorded/integers.inc"
};
static const struct recorded doubles[] = {
#include "recorded/doubles.inc"
};
static const struct recorded memory_sizes[] = {
#include "recorded/memory.inc"
};
static const struct {
    uint64_t bytes;
    const char *answer;
} human[] = {
#include "recorded/human.inc"
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void test_recorded_integers(void)
{
    for (size_t i = 0; i < COUNT(integers); i++) {
        char text[INT64_TEXT_MAX] = "";
        int64_t value;
        size_t len = 0;
        if (parse_int64(integers[i].given, &value))
            len = format_int64(text, value);
        CHECK_TEXT(((struct slice){text, len}), integers[i].answer,
                   integers[i].given);
    }
}

static void test_recorded_doubles(void)
{
    for (size_t i = 0; i < COUNT(doubles); i++) {
        char text[DOUBLE_TEXT_MAX] = "";
        double value;
        size_t len = 0;
        if (parse_double(doubles[i].given, &value))
            len = format_double(text, value);
        CHECK_TEXT(((struct slice){text, len}), doubles[i].answer,
                   doubles[i].given);
    }
}

/* The answers are those of x86's 80 bits. */
#if LDBL_MANT_DIG == 64
static const struct recorded long_doubles[] = {
#include "recorded/long_doubles.inc"
};

static void test_recorded_long_doubles(void)
{
    for (size_t i = 0; i < COUNT(long_doubles); i++) {
        static char text[LONG_DOUBLE_TEXT_MAX];
        struct slice given = long_doubles[i].given;
        long double value;
        size_t len = 0;
        if (parse_long_double(given, &value) && isinf(value))
            len = strlen(strcpy(text, "infinite"));
        else if (parse_long_double(given, &value))
            len = format_long_double(text, value);
        CHECK_TEXT(((struct slice){text, len}), long_doubles[i].answer, given);
    }
}
#else
static void test_recorded_long_doubles(void)
{
    printf("        numbers: long double differs from the recorded one\n");
}
#endif

static void test_recorded_memory(void)
{
    char text[DOUBLE_TEXT_MAX];
    for (size_t i = 0; i < COUNT(memory_sizes); i++) {
        uint64_t bytes;
        size_t len = 0;
        if (parse_memory(memory_sizes[i].given, &bytes))
            len = format_uint64(text, bytes);
        CHECK_TEXT(((struct slice){text, len}), memory_sizes[i].answer,
                   memory_sizes[i].given);
    }
    for (size_t i = 0; i < COUNT(human); i++) {
        size_t len = format_bytes_human(text, human[i].bytes);
        CHECK_TEXT(((struct slice){text, len}), human[i].answer,
                   SLICE("human"));
    }
}

/* Numbers of every length, against the C library. */
static void test_random_integers(void)
{
    for (int i = 0; i < 100000; i++) {
        uint64_t value = random_u64() >> random_below(64);
        char wanted[32], text[INT64_TEXT_MAX];
        uint64_t back = 0;
        int64_t signed_back = 0;
        snprintf(wanted, sizeof wanted, "%" PRIu64, value);
        size_t len = format_uint64(text, value);
        CHECK_TEXT(((struct slice){text, len}), wanted, slice_of(wanted));
        CHECK(text[len] == '\0');
        CHECK(parse_uint64((struct slice){text, len}, &back) && back == value);

        int64_t number = (int64_t)(random_u64() & 1 ? value : 0 - value);
        snprintf(wanted, sizeof wanted, "%" PRId64, number);
        len = format_int64(text, number);
        CHECK_TEXT(((struct slice){text, len}), wanted, slice_of(wanted));
        CHECK(parse_int64((struct slice){text, len}, &signed_back) &&
              signed_back == number);
    }
}

static void check_double(double value)
{
    char wanted[64], text[DOUBLE_TEXT_MAX];
    double back;
    snprintf(wanted, sizeof wanted, "%.17g", value);
    size_t len = format_double(text, value);
    CHECK_TEXT(((struct slice){text, len}), wanted, slice_of(wanted));
    CHECK(parse_double((struct slice){text, len}, &back));
    CHECK(memcmp(&back, &value, sizeof back) == 0);
}

/* Any bits that are a number, and whole numbers, for which there is a
 * shorter way. */
static void test_random_doubles(void)
{
    for (int i = 0; i < 30000; i++) {
        uint64_t bits = random_u64();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_double(value);
        check_double((double)(int64_t)bits);
        check_double((double)(int64_t)(bits >> random_below(64)));
        check_double(-(double)(bits >> random_below(64)) / 8);
    }
    check_double(0.0);
    check_double(-0.0);
    check_double(DBL_MAX);
    check_double(DBL_MIN);
    check_double(INFINITY);
    check_double(-INFINITY);
}

static void test_unsigned(void)
{
    uint64_t value;
    CHECK(parse_uint64(SLICE("18446744073709551615"), &value));
    CHECK(value == UINT64_MAX);
    CHECK(!parse_uint64(SLICE("18446744073709551616"), &value));
    CHECK(!parse_uint64(SLICE("99999999999999999999"), &value));
    CHECK(!parse_uint64(SLICE("100000000000000000000"), &value));
    CHECK(!parse_uint64(SLICE("-1"), &value));
    CHECK(!parse_uint64(SLICE("01"), &value));
    CHECK(!parse_uint64(SLICE(""), &value));
    CHECK(parse_uint64(SLICE("0"), &value) && value == 0);
}

static void check_long_double(long double value, const char *wanted)
{
    static char text[LONG_DOUBLE_TEXT_MAX];
    size_t len = format_long_double(text, value);
    CHECK_TEXT(((struct slice){text, len}), wanted, SLICE("long double"));
    CHECK(text[len] == '\0');
}

/* The longest there are, and what no client can make a server print. */
static void test_long_doubles(void)
{
    static char text[LONG_DOUBLE_TEXT_MAX];
    int len = snprintf(text, sizeof text, "%.0Lf", -LDBL_MAX);
    CHECK(len < LONG_DOUBLE_TEXT_MAX);
    check_long_double(-LDBL_MAX, text);
    check_long_double(INFINITY, "inf");
    check_long_double(-INFINITY, "-inf");
    check_long_double(NAN, "nan");
    check_long_double(-1e-30L, "0");
    check_long_double(100, "100");

    long double value;
    memset(text, '0', sizeof text);
    struct slice longest = {text, sizeof text - 1};
    CHECK(parse_long_double(longest, &value) && value == 0);
    longest.len++;
    CHECK(!parse_long_double(longest, &value));
    char nan_text[DOUBLE_TEXT_MAX];
    CHECK_INT((int64_t)format_double(nan_text, -NAN), 3);
    CHECK(strcmp(nan_text, "nan") == 0);
}

void test_numbers(void)
{
    test_recorded_integers();
    test_recorded_doubles();
    test_recorded_long_doubles();
    test_recorded_memory();
    test_random_integers();
    test_random_doubles();
    test_unsigned();
    test_long_doubles();
}
