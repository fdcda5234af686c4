/* slice: comparing and copying views of bytes. */
#include "slice.h"

#include <limits.h>
#include <string.h>

#include "zmalloc.h"

struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

/* memcmp wants valid pointers even for no bytes; an empty slice may have
 * none. */
static int compare_bytes(const char *a, const char *b, size_t len)
{
    return len == 0 ? 0 : memcmp(a, b, len);
}

int slice_compare(struct slice a, struct slice b)
{
    int order = compare_bytes(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

/* Lower case of an ASCII letter, whatever the locale says. */
static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u | 0x20) : u;
}

bool slice_is(struct slice s, const char *word)
{
    for (size_t i = 0; i < s.len; i++)
        if (word[i] == '\0' || lower(s.ptr[i]) != lower(word[i]))
            return false;
    return word[s.len] == '\0';
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

bool slice_split(struct slice *rest, char separator, struct slice *part)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, separator, rest->len);
    *part = *rest;
    if (end)
        part->len = (size_t)(end - rest->ptr);
    size_t taken = part->len + (end != NULL);
    *rest = (struct slice){rest->ptr + taken, rest->len - taken};
    return true;
}

int slice_precision(struct slice s)
{
    return s.len < INT_MAX ? (int)s.len : INT_MAX;
}

char *slice_dup(struct slice s)
{
    char *copy = zmalloc(s.len + 1);
    if (s.len != 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}
