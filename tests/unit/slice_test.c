#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "common/choice.h"
#include "common/slice.h"
#include "common/zmalloc.h"

static void test_compare(void)
{
    struct slice none = {NULL, 0};
    CHECK(slice_equal(none, SLICE("")));
    CHECK(slice_equal(SLICE("a\0b"), SLICE("a\0b")));
    CHECK(!slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    CHECK(!slice_equal(SLICE("a"), SLICE("ab")));
    CHECK(slice_compare(none, none) == 0);
    CHECK(slice_compare(SLICE("a"), SLICE("b")) < 0);
    CHECK(slice_compare(SLICE("b"), SLICE("a")) > 0);
    CHECK(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    CHECK(slice_compare(SLICE("ab"), SLICE("a")) > 0);
    CHECK(slice_compare(SLICE("\xff"), SLICE("a")) > 0);
    CHECK(slice_compare(SLICE("ab"), SLICE("ab")) == 0);
}

static void test_words(void)
{
    CHECK(slice_is(SLICE("GeT"), "gEt"));
    CHECK(slice_is(SLICE("AZaz"), "azAZ"));
    CHECK(!slice_is(SLICE("ge"), "get"));
    CHECK(!slice_is(SLICE("gett"), "get"));
    CHECK(!slice_is(SLICE("get\0"), "get"));
    CHECK(!slice_is(SLICE("@"), "`")); /* 32 apart, but no letters */
    CHECK(!slice_is(SLICE("["), "{"));
    CHECK(slice_is(SLICE(""), ""));
    CHECK(slice_equal_nocase(SLICE("A\0z"), SLICE("a\0Z")));
    CHECK(!slice_equal_nocase(SLICE("\xc4"), SLICE("\xe4")));
    CHECK(!slice_equal_nocase(SLICE("a"), SLICE("ab")));
}

/* A length of 2 GB or more must not become a negative precision. */
static void test_precision(void)
{
    CHECK_INT(slice_precision(SLICE("abc")), 3);
    CHECK_INT(slice_precision((struct slice){"", INT_MAX}), INT_MAX);
    CHECK_INT(slice_precision((struct slice){"", INT_MAX + (size_t)1}),
              INT_MAX);
    CHECK_INT(slice_precision((struct slice){"", SIZE_MAX}), INT_MAX);
}

/* Parts in turn, empty ones among them, and none behind the last separator. */
static void test_split(void)
{
    struct slice rest = SLICE("a  bc "), part;
    const char *const parts[] = {"a", "", "bc"};
    for (int i = 0; i < 3; i++) {
        CHECK(slice_split(&rest, ' ', &part));
        CHECK(slice_equal(part, slice_of(parts[i])));
    }
    CHECK(!slice_split(&rest, ' ', &part));
}

/* Words in either case; a value by its first name. */
static void test_choice(void)
{
    static const struct choice table[] = {{"on", 1}, {"yes", 1}, {NULL, 0}};
    CHECK(choice_find(table, SLICE("YES")) == &table[1]);
    CHECK(!choice_find(table, SLICE("ye")));
    CHECK(strcmp(choice_name(table, 1), "on") == 0);
    CHECK(!choice_name(table, 2));
}

void test_slice(void)
{
    test_split();
    test_choice();
    test_compare();
    test_words();
    test_precision();
    CHECK_INT((int64_t)slice_of("four").len, 4);
    char *copy = slice_dup(SLICE("a\0b"));
    CHECK(memcmp(copy, "a\0b", 4) == 0);
    zfree(copy);
    copy = slice_dup((struct slice){NULL, 0});
    CHECK(copy[0] == '\0');
    zfree(copy);
}
