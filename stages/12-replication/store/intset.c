#include "store/intset.h"

#include <string.h>

#include "common/zmalloc.h"

/* Returns how many bytes an integer needs. */
static uint32_t width_of(int64_t value)
{
    if (value >= INT16_MIN && value <= INT16_MAX)
        return sizeof(int16_t);
    if (value >= INT32_MIN && value <= INT32_MAX)
        return sizeof(int32_t);
    return sizeof(int64_t);
}

/* Returns how many bytes so many integers take with the header. */
static size_t size_of(size_t count, uint32_t width)
{
    return sizeof(struct intset) + count * width;
}

struct intset *intset_create(void)
{
    struct intset *s = zmalloc(size_of(0, 0));
    *s = (struct intset){.width = sizeof(int16_t)};
    return s;
}

/* `bytes` is an array of char, and reading another type through it is undefined
 * in C, so integers are copied out of it and into it. */
int64_t intset_get(const struct intset *s, size_t index)
{
    const char *from = s->bytes + index * s->width;
    int16_t narrow;
    int32_t middle;
    int64_t wide;
    if (s->width == sizeof narrow) {
        memcpy(&narrow, from, sizeof narrow);
        return narrow;
    }
    if (s->width == sizeof middle) {
        memcpy(&middle, from, sizeof middle);
        return middle;
    }
    memcpy(&wide, from, sizeof wide);
    return wide;
}

/* Writes an integer that fits the width. */
static void put(struct intset *s, size_t index, int64_t value)
{
    char *to = s->bytes + index * s->width;
    int16_t narrow = (int16_t)value;
    int32_t middle = (int32_t)value;
    if (s->width == sizeof narrow)
        memcpy(to, &narrow, sizeof narrow);
    else if (s->width == sizeof middle)
        memcpy(to, &middle, sizeof middle);
    else
        memcpy(to, &value, sizeof value);
}

bool intset_find(const struct intset *s, int64_t value, size_t *index)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (intset_get(s, middle) < value)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return low < s->count && intset_get(s, low) == value;
}

/* Makes all integers wider. The last is moved first, because each moves towards
 * the end, over those behind it. */
static void widen(struct intset *s, uint32_t width)
{
    struct intset old = *s; /* its header */
    for (size_t i = old.count; i-- > 0;) {
        s->width = old.width;
        int64_t value = intset_get(s, i);
        s->width = width;
        put(s, i, value);
    }
    s->width = width;
}

struct intset *intset_insert(struct intset *s, size_t index, int64_t value)
{
    uint32_t width = width_of(value);
    if (width < s->width)
        width = s->width;
    s = zrealloc(s, size_of((size_t)s->count + 1, width));
    if (width > s->width)
        widen(s, width);
    char *at = s->bytes + index * width;
    memmove(at + width, at, (s->count - index) * width);
    s->count++;
    put(s, index, value);
    return s;
}

struct intset *intset_delete(struct intset *s, size_t index)
{
    char *at = s->bytes + index * s->width;
    s->count--;
    memmove(at, at + s->width, (s->count - index) * s->width);
    return zrealloc(s, size_of(s->count, s->width));
}
