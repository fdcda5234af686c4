#include "common/quote.h"

#include <string.h>

#include "check.h"
#include "common/zmalloc.h"

struct recorded {
    struct slice given;
    const char *answer;
};

static const struct recorded quotes[] = {
#include "recorded/quotes.inc"
};

/* An empty answer is a protocol error: unbalanced quotes. */
static const struct recorded lines[] = {
#include "recorded/inline.inc"
};

static void test_quoting(void)
{
    for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
        struct buffer b = {0};
        quote_append(&b, quotes[i].given);
        CHECK_TEXT(buffer_slice(&b), quotes[i].answer, quotes[i].given);
        buffer_free(&b);
    }
}

/* Splits a copy of exactly the line's size, so that a sanitizer sees a step
 * too far, and compares the arguments as MONITOR prints them. */
static void check_split(struct slice line, const char *wanted)
{
    char *copy = zmalloc(line.len);
    struct slice *argv;
    struct buffer out = {0};
    memcpy(copy, line.ptr, line.len);
    int argc = split_arguments(copy, line.len, &argv);
    CHECK((argc == -1) == (wanted[0] == '\0'));
    CHECK(argc > 0 || argv == NULL);
    for (int i = 0; i < argc; i++) {
        if (i > 0)
            buffer_append_text(&out, " ");
        quote_append(&out, argv[i]);
    }
    CHECK_TEXT(buffer_slice(&out), wanted, line);
    buffer_free(&out);
    zfree(argv);
    zfree(copy);
}

/* What a client cannot send in one line. */
static void test_odd_lines(void)
{
    struct slice *argv;
    char blank[] = " \t\r\n\v\f ";
    CHECK_INT(split_arguments(blank, sizeof blank - 1, &argv), 0);
    CHECK(argv == NULL);
    CHECK_INT(split_arguments(NULL, 0, &argv), 0);
    check_split(SLICE("a b\0c d"), "\"a\" \"b\"");
    check_split(SLICE("\"a\0\""), "");
    check_split(SLICE("a\nb"), "\"a\" \"b\"");
    check_split(SLICE("\"a\nb\"\n"), "\"a\\nb\"");
}

/* Quoting what was split and splitting it again changes nothing. */
static void test_round_trip(void)
{
    char bytes[256];
    struct buffer text = {0};
    struct slice *argv;
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    quote_append(&text, (struct slice){bytes, sizeof bytes});
    CHECK_INT(split_arguments(text.data, text.len, &argv), 1);
    CHECK(slice_equal(argv[0], (struct slice){bytes, sizeof bytes}));
    zfree(argv);
    buffer_free(&text);
}

void test_quote(void)
{
    size_t before = zmalloc_used_memory();
    test_quoting();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        check_split(lines[i].given, lines[i].answer);
    test_odd_lines();
    test_round_trip();
    CHECK(zmalloc_used_memory() == before);
}
