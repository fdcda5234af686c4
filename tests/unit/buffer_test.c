#include "common/buffer.h"

#include <string.h>

#include "check.h"
#include "common/zmalloc.h"

static void check_holds(const struct buffer *b, const char *wanted)
{
    CHECK_TEXT(buffer_slice(b), wanted, SLICE("buffer"));
}

/* Against a copy in an array, with pieces of every length. */
static void test_growth(void)
{
    enum { PIECES = 300 };
    static char model[PIECES * PIECES / 2];
    size_t len = 0;
    struct buffer b = {0};
    for (size_t i = 1; i < PIECES; i++) {
        char piece[PIECES];
        memset(piece, 'a' + (int)(i % 26), i);
        memcpy(model + len, piece, i);
        len += i;
        buffer_append(&b, piece, i);
        CHECK(b.len == len && b.capacity >= len);
        CHECK(memcmp(b.data, model, len) == 0);
    }
    for (size_t i = 0; len > 0; i++) {
        size_t count = i < len ? i : len;
        buffer_consume(&b, count);
        len -= count;
        memmove(model, model + count, len);
        CHECK(b.len == len && memcmp(b.data, model, len) == 0);
    }
    buffer_free(&b);
}

/* Lengths around the room that is left when printing starts. */
static void test_printf(void)
{
    static char text[300];
    for (size_t len = 0; len < sizeof text; len++) {
        struct buffer b = {0};
        memset(text, 'x', len);
        text[len] = '\0';
        buffer_append_text(&b, text);
        buffer_printf(&b, "%s-%d", text, 42);
        CHECK_INT((int64_t)b.len, (int64_t)(2 * len + 3));
        CHECK(memcmp(b.data + len, text, len) == 0);
        CHECK(memcmp(b.data + 2 * len, "-42", 3) == 0);
        buffer_free(&b);
    }
}

void test_buffer(void)
{
    size_t before = zmalloc_used_memory();
    struct buffer b = {0};
    buffer_consume(&b, 0);
    buffer_append_slice(&b, (struct slice){NULL, 0});
    CHECK(b.len == 0 && b.capacity == 0);
    buffer_append_text(&b, "hello");
    buffer_append_slice(&b, SLICE(" world"));
    check_holds(&b, "hello world");
    buffer_consume(&b, 6);
    check_holds(&b, "world");
    char *room = buffer_reserve(&b, 10000);
    CHECK(room == b.data + 5 && b.capacity >= 10005);
    check_holds(&b, "world");
    buffer_consume(&b, 99);
    CHECK(b.len == 0);
    buffer_free(&b);
    CHECK(b.data == NULL && b.len == 0 && b.capacity == 0);
    test_growth();
    test_printf();
    CHECK(zmalloc_used_memory() == before);
}
