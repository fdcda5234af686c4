#include "common/glob.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "common/clock.h"

/* Which of the keys, by their bits, each pattern matched. */
struct recorded {
    struct slice pattern;
    uint64_t matched;
};

#define KEY(...) __VA_ARGS__,
#define PATTERN(...)
static const struct slice keys[] = {
#include "recorded/glob.inc"
};
static const struct slice names[] = {
#include "recorded/glob_nocase.inc"
};
#undef KEY
#undef PATTERN
#define KEY(...)
#define PATTERN(...) {__VA_ARGS__},
static const struct recorded cased[] = {
#include "recorded/glob.inc"
};
static const struct recorded nocased[] = {
#include "recorded/glob_nocase.inc"
};

enum {
    KEYS = sizeof keys / sizeof keys[0],
    NAMES = sizeof names / sizeof names[0]
};

static void check_pattern(struct recorded r, struct slice string, int bit,
                          bool nocase)
{
    bool wanted = r.matched >> bit & 1;
    bool got = glob_match(r.pattern, string, nocase);
    char about[64];
    snprintf(about, sizeof about, "%.*s on %.*s", (int)r.pattern.len,
             r.pattern.ptr, (int)string.len, string.ptr);
    CHECK_TEXT(got ? SLICE("match") : SLICE("no match"),
               wanted ? "match" : "no match", slice_of(about));
}

/* Patterns that would take ages if every star tried every length. */
static void test_time(void)
{
    char pattern[2 * 300 + 1], string[20000];
    for (size_t i = 0; i < 300; i++)
        memcpy(pattern + 2 * i, "a*", 2);
    pattern[600] = 'b';
    memset(string, 'a', sizeof string);
    int64_t start = monotonic_us();
    CHECK(!glob_match((struct slice){pattern, 601},
                      (struct slice){string, sizeof string}, false));
    memset(pattern, 'a', 600);
    pattern[0] = '*';
    CHECK(!glob_match((struct slice){pattern, 601},
                      (struct slice){string, sizeof string}, false));
    CHECK(monotonic_us() - start < 5000000);
}

void test_glob(void)
{
    for (size_t i = 0; i < sizeof cased / sizeof cased[0]; i++)
        for (int bit = 0; bit < KEYS; bit++)
            check_pattern(cased[i], keys[bit], bit, false);
    for (size_t i = 0; i < sizeof nocased / sizeof nocased[0]; i++)
        for (int bit = 0; bit < NAMES; bit++)
            check_pattern(nocased[i], names[bit], bit, true);
    CHECK(!glob_match(SLICE("ABC"), SLICE("abc"), false));
    CHECK(glob_match(SLICE("a\0*"), SLICE("a\0b"), false));
    CHECK(!glob_match(SLICE("a\0b"), SLICE("a"), false));
    test_time();
}
