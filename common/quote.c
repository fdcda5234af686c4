/* quote: the two directions of redis-cli's string notation.
 *
 * Splitting works in place, with one cursor that reads and one that writes;
 * no escape is shorter than what it stands for, so the writer never
 * overtakes the reader. A NUL byte ends the line, as the end does. */
#include "quote.h"

#include <stdbool.h>

#include "zmalloc.h"

struct splitter {
    const char *at; /* next byte to read */
    const char *end;
    char *out; /* next byte to write */
};

/* The byte `ahead` of the cursor, or NUL behind the end. */
static char peek(const struct splitter *s, size_t ahead)
{
    return ahead < (size_t)(s->end - s->at) ? s->at[ahead] : '\0';
}

/* The six characters that isspace takes, whatever the locale. */
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value of a hexadecimal digit, or -1. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What c behind a backslash stands for: itself, if nothing else. */
static char unescape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'b':
        return '\b';
    case 'a':
        return '\a';
    default:
        return c;
    }
}

/* Copies one byte out of double quotes, resolving an escape. */
static void copy_escaped(struct splitter *s)
{
    int high, low;
    if (peek(s, 0) != '\\' || peek(s, 1) == '\0') {
        *s->out++ = *s->at++;
    } else if (peek(s, 1) == 'x' && (high = hex_value(peek(s, 2))) >= 0 &&
               (low = hex_value(peek(s, 3))) >= 0) {
        *s->out++ = (char)(high * 16 + low);
        s->at += 4;
    } else {
        *s->out++ = unescape(peek(s, 1));
        s->at += 2;
    }
}

/* Copies what stands in quotes and moves behind them. False when they are
 * not closed, or something other than a space follows. */
static bool copy_quoted(struct splitter *s, char quote)
{
    s->at++;
    while (peek(s, 0) != quote) {
        if (peek(s, 0) == '\0')
            return false;
        if (quote == '"') {
            copy_escaped(s);
        } else {
            if (peek(s, 0) == '\\' && peek(s, 1) == '\'')
                s->at++;
            *s->out++ = *s->at++;
        }
    }
    s->at++;
    return peek(s, 0) == '\0' || is_space(peek(s, 0));
}

/* Copies one argument; quotes may begin inside it but end it. */
static bool copy_argument(struct splitter *s)
{
    for (;;) {
        char c = peek(s, 0);
        if (c == '"' || c == '\'')
            return copy_quoted(s, c);
        if (c == '\0' || c == ' ' || c == '\n' || c == '\r' || c == '\t')
            return true;
        *s->out++ = *s->at++;
    }
}

int split_arguments(char *line, size_t len, struct slice **argv)
{
    *argv = NULL;
    if (len == 0)
        return 0; /* `line` may be NULL, which has no end */
    struct splitter s = {line, line + len, line};
    struct slice *list = NULL;
    int count = 0, capacity = 0;
    for (;;) {
        while (is_space(peek(&s, 0)))
            s.at++;
        if (peek(&s, 0) == '\0')
            break;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 8;
            list = zrealloc(list, (size_t)capacity * sizeof *list);
        }
        const char *start = s.out;
        if (!copy_argument(&s)) {
            zfree(list);
            return -1;
        }
        list[count++] = (struct slice){start, (size_t)(s.out - start)};
    }
    *argv = list;
    return count;
}

/* The letter that stands for c behind a backslash, or NUL. */
static char escape_letter(char c)
{
    switch (c) {
    case '\\':
    case '"':
        return c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    case '\a':
        return 'a';
    case '\b':
        return 'b';
    default:
        return '\0';
    }
}

void quote_append(struct buffer *out, struct slice bytes)
{
    static const char digits[] = "0123456789abcdef";
    buffer_append(out, "\"", 1);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        char text[4] = {'\\', escape_letter((char)c)};
        size_t len = 2;
        if (text[1] == '\0' && c >= ' ' && c <= '~') {
            text[0] = (char)c;
            len = 1;
        } else if (text[1] == '\0') {
            text[1] = 'x';
            text[2] = digits[c >> 4];
            text[3] = digits[c & 15];
            len = 4;
        }
        buffer_append(out, text, len);
    }
    buffer_append(out, "\"", 1);
}
