#include "store/string.h"

#include <string.h>

#include "common/zmalloc.h"

/* A raw string. Its capacity is what the allocator gave. */
struct raw {
    size_t len;
    char bytes[];
};

/* Growing asks for as much again, up to this, so that appending stays cheap. */
enum { GROW_AHEAD_MAX = 1024 * 1024 };

static struct raw *raw_of(const struct entry *e)
{
    return entry_pointer(e);
}

/* The allocator rounds up; what it gave beyond is room to grow. */
static size_t raw_capacity(const struct raw *raw)
{
    return zmalloc_usable_size(raw) - sizeof *raw;
}

struct entry *string_create_integer(struct slice key, int64_t value)
{
    struct entry *e = entry_create(key, TYPE_STRING, ENCODING_INT);
    entry_set_integer(e, value);
    return e;
}

struct entry *string_create_until(struct slice key, struct slice value,
                                  int64_t when_ms)
{
    int64_t integer;
    struct entry *e;
    if (parse_int64(value, &integer)) {
        e = entry_create_until(key, TYPE_STRING, ENCODING_INT, when_ms);
        entry_set_integer(e, integer);
        return e;
    }
    if (value.len <= EMBEDDED_MAX)
        return entry_create_embedded(key, value, when_ms);
    struct raw *raw = zmalloc(sizeof *raw + value.len);
    raw->len = value.len;
    memcpy(raw->bytes, value.ptr, value.len);
    e = entry_create_until(key, TYPE_STRING, ENCODING_RAW, when_ms);
    entry_set_pointer(e, raw);
    return e;
}

struct entry *string_create(struct slice key, struct slice value)
{
    return string_create_until(key, value, NO_EXPIRY);
}

/* Reuses the raw string when the value fits and does not leave it half empty. */
static bool assign_raw(struct entry *e, struct slice value)
{
    struct raw *raw = raw_of(e);
    size_t capacity = raw_capacity(raw);
    if (value.len > capacity || value.len < capacity / 2)
        return false;
    raw->len = value.len;
    memcpy(raw->bytes, value.ptr, value.len);
    return true;
}

bool string_assign(struct entry *e, struct slice value)
{
    int64_t integer;
    if (parse_int64(value, &integer)) {
        if (e->encoding != ENCODING_INT)
            return false;
        entry_set_integer(e, integer);
        return true;
    }
    if (value.len <= EMBEDDED_MAX)
        return e->encoding == ENCODING_EMBSTR &&
               entry_replace_embedded(e, value);
    return e->encoding == ENCODING_RAW && assign_raw(e, value);
}

struct slice string_value(const struct entry *e, char scratch[INT64_TEXT_MAX])
{
    if (e->encoding == ENCODING_EMBSTR)
        return entry_embedded(e);
    if (e->encoding == ENCODING_INT)
        return (struct slice){scratch, format_int64(scratch, entry_integer(e))};
    const struct raw *raw = raw_of(e);
    return (struct slice){raw->bytes, raw->len};
}

size_t string_length(const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    return string_value(e, scratch).len;
}

bool string_integer(const struct entry *e, int64_t *out)
{
    char scratch[INT64_TEXT_MAX];
    if (e->encoding != ENCODING_INT)
        return parse_int64(string_value(e, scratch), out);
    *out = entry_integer(e);
    return true;
}

/* Makes the raw string at least `len` bytes long. */
static struct raw *extend(struct raw *raw, size_t len)
{
    if (len <= raw->len)
        return raw;
    if (len > raw_capacity(raw)) {
        size_t ahead = len < GROW_AHEAD_MAX ? len : GROW_AHEAD_MAX;
        raw = zrealloc(raw, sizeof *raw + len + ahead);
    }
    memset(raw->bytes + raw->len, 0, len - raw->len);
    raw->len = len;
    return raw;
}

struct entry *string_edit(struct entry *e, size_t len, char **data)
{
    if (e->encoding != ENCODING_RAW) {
        char scratch[INT64_TEXT_MAX];
        struct slice value = string_value(e, scratch);
        struct raw *raw = zmalloc(sizeof *raw + value.len);
        raw->len = value.len;
        memcpy(raw->bytes, value.ptr, value.len);
        e = entry_become_pointer(e, ENCODING_RAW);
        entry_set_pointer(e, raw);
    }
    struct raw *raw = extend(raw_of(e), len);
    entry_set_pointer(e, raw);
    *data = raw->bytes;
    return e;
}

void string_free(struct entry *e)
{
    if (e->encoding == ENCODING_RAW)
        zfree(raw_of(e));
}
