/* numbers: the spellings Redis takes and the ones it prints.
 *
 * Integers are done here, for they are in every command; floating point is
 * left to the C library, so that its digits are the same as Redis's. */
#include "numbers.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zmalloc.h"

enum {
    UINT64_DIGITS = 20,
    SHORT_DIGITS = 9,
    NEVER_OVERFLOWS = 19, /* so many digits always fit 64 bits */
    EXACT_DIGITS = 15, /* integers that a double always holds exactly */
    MEMORY_DIGITS = 127, /* more, even zeros, are refused */
    ON_STACK = 256 /* longer spellings of a double are copied */
};

bool parse_uint64(struct slice s, uint64_t *out)
{
    if (s.len == 0 || s.len > UINT64_DIGITS)
        return false;
    if (s.ptr[0] == '0' && s.len > 1)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned char)s.ptr[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        if (i >= NEVER_OVERFLOWS && value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

/* Nearly all numbers are short: they can neither overflow nor have a sign. */
static bool parse_short(struct slice s, int64_t *out)
{
    int64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned char)s.ptr[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool parse_int64(struct slice s, int64_t *out)
{
    if (s.len - 1 < SHORT_DIGITS && s.ptr[0] >= '1')
        return parse_short(s, out);
    bool negative = s.len > 0 && s.ptr[0] == '-';
    uint64_t magnitude;
    if (negative)
        s = (struct slice){s.ptr + 1, s.len - 1};
    if (!parse_uint64(s, &magnitude))
        return false;
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    if (negative && magnitude == 0)
        return false; /* zero is spelled without a sign */
    *out = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

bool parse_double(struct slice s, double *out)
{
    int64_t integer;
    if (s.len <= EXACT_DIGITS && parse_int64(s, &integer)) {
        *out = (double)integer;
        return true;
    }
    if (s.len == 0 || isspace((unsigned char)s.ptr[0]))
        return false;
    char small[ON_STACK];
    char *text = s.len < sizeof small ? small : zmalloc(s.len + 1);
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    bool whole = (size_t)(end - text) == s.len;
    if (text != small)
        zfree(text);
    /* A denormal result also says ERANGE, and is welcome. */
    bool lost = errno == ERANGE && (isinf(value) || value == 0);
    if (!whole || lost || isnan(value))
        return false;
    *out = value;
    return true;
}

bool parse_long_double(struct slice s, long double *out)
{
    char text[LONG_DOUBLE_TEXT_MAX];
    if (s.len == 0 || s.len >= sizeof text || isspace((unsigned char)s.ptr[0]))
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    char *end;
    errno = 0;
    long double value = strtold(text, &end);
    bool lost = errno == ERANGE && (isinf(value) || value == 0);
    if ((size_t)(end - text) != s.len || lost || isnan(value))
        return false;
    *out = value;
    return true;
}

/* Finds the factor of a unit; false for an unknown one. */
static bool unit_factor(struct slice unit, uint64_t *factor)
{
    static const struct {
        const char *name;
        uint64_t factor;
    } units[] = {
        {"", 1},
        {"b", 1},
        {"k", 1000},
        {"kb", 1024},
        {"m", 1000 * 1000},
        {"mb", 1024 * 1024},
        {"g", 1000 * 1000 * 1000},
        {"gb", 1024 * 1024 * 1024},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (slice_is(unit, units[i].name)) {
            *factor = units[i].factor;
            return true;
        }
    }
    return false;
}

bool parse_memory(struct slice s, uint64_t *out)
{
    uint64_t value = 0, factor;
    size_t i = 0;
    const char *end = s.len > 0 ? memchr(s.ptr, '\0', s.len) : NULL;
    if (end)
        s.len = (size_t)(end - s.ptr);
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++) {
        unsigned digit = (unsigned)(s.ptr[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            value = UINT64_MAX; /* and stays there, as with strtoull */
        else
            value = value * 10 + digit;
    }
    if (i > MEMORY_DIGITS ||
        !unit_factor((struct slice){s.ptr + i, s.len - i}, &factor))
        return false;
    *out = value * factor;
    return true;
}

/* Two digits a step, from the last; "00" to "99" side by side. */
size_t format_uint64(char out[INT64_TEXT_MAX], uint64_t value)
{
    static const char pairs[] = "0001020304050607080910111213141516171819"
                                "2021222324252627282930313233343536373839"
                                "4041424344454647484950515253545556575859"
                                "6061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char digits[UINT64_DIGITS];
    char *at = digits + sizeof digits;
    for (; value >= 100; value /= 100)
        at = memcpy(at - 2, pairs + value % 100 * 2, 2);
    if (value >= 10)
        at = memcpy(at - 2, pairs + value * 2, 2);
    else
        *--at = (char)('0' + value);
    size_t len = (size_t)(digits + sizeof digits - at);
    memcpy(out, at, len);
    out[len] = '\0';
    return len;
}

size_t format_int64(char out[INT64_TEXT_MAX], int64_t value)
{
    if (value >= 0)
        return format_uint64(out, (uint64_t)value);
    char digits[INT64_TEXT_MAX];
    size_t len = format_uint64(digits, 0 - (uint64_t)value);
    out[0] = '-';
    memcpy(out + 1, digits, len + 1);
    return len + 1;
}

/* Copies a fixed text; returns its length as the others do. */
static size_t format_text(char *out, const char *text)
{
    size_t len = strlen(text);
    memcpy(out, text, len + 1);
    return len;
}

size_t format_double(char out[DOUBLE_TEXT_MAX], double value)
{
    if (isnan(value))
        return format_text(out, "nan");
    if (isinf(value))
        return format_text(out, value > 0 ? "inf" : "-inf");
    /* Whole numbers below 10^16 print as such; -0 is "-0". */
    if (value > -1e16 && value < 1e16 && (double)(int64_t)value == value &&
        !(value == 0 && signbit(value)))
        return format_int64(out, (int64_t)value);
    return (size_t)snprintf(out, DOUBLE_TEXT_MAX, "%.17g", value);
}

size_t format_long_double(char out[LONG_DOUBLE_TEXT_MAX], long double value)
{
    if (isnan(value))
        return format_text(out, "nan");
    if (isinf(value))
        return format_text(out, value > 0 ? "inf" : "-inf");
    size_t len = (size_t)snprintf(out, LONG_DOUBLE_TEXT_MAX, "%.17Lf", value);
    while (out[len - 1] == '0')
        len--; /* stops at the point, which is always there */
    if (out[len - 1] == '.')
        len--;
    out[len] = '\0';
    return strcmp(out, "-0") == 0 ? format_text(out, "0") : len;
}

size_t format_bytes_human(char out[DOUBLE_TEXT_MAX], uint64_t bytes)
{
    static const char units[] = "KMGTP";
    uint64_t unit = 1024;
    for (size_t i = 0; i < sizeof units - 1; i++, unit *= 1024)
        if (bytes >= unit && bytes / unit < 1024)
            return (size_t)snprintf(out, DOUBLE_TEXT_MAX, "%.2f%c",
                                    (double)bytes / (double)unit, units[i]);
    return (size_t)snprintf(out, DOUBLE_TEXT_MAX, "%" PRIu64 "B", bytes);
}
