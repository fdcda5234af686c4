/* string, inside: the encoding follows from the value when a string is created.
 *
 *   canonical int64?     -> INT, in the entry
 *   up to 44 bytes?      -> EMBSTR, in the entry
 *   else                 -> RAW: | len | bytes ... | rest of the allocation |
 *
 * A string that was edited is RAW, however short. The length of a raw string is
 * at most what the allocator gave; the rest is where APPEND writes. */
#include "store/string.h"

#include <string.h>

#include "common/zmalloc.h"

struct raw {
    size_t len; /* no more than raw_capacity */
    char bytes[];
};

/* Returns a copy of the bytes. The entry that gets the pointer owns it. */
static struct raw *raw_create(struct slice value)
{
    struct raw *raw = zmalloc(sizeof *raw + value.len);
    raw->len = value.len;
    memcpy(raw->bytes, value.ptr, value.len);
    return raw;
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
    e = entry_create_until(key, TYPE_STRING, ENCODING_RAW, when_ms);
    entry_set_pointer(e, raw_create(value));
    return e;
}

struct entry *string_create(struct slice key, struct slice value)
{
    return string_create_until(key, value, NO_EXPIRY);
}

struct slice string_value(const struct entry *e, char scratch[INT64_TEXT_MAX])
{
    if (e->encoding == ENCODING_EMBSTR)
        return entry_embedded(e);
    if (e->encoding == ENCODING_INT)
        return (struct slice){scratch, format_int64(scratch, entry_integer(e))};
    const struct raw *raw = entry_pointer(e);
    return (struct slice){raw->bytes, raw->len};
}

size_t string_length(const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    return string_value(e, scratch).len;
}

/* Other encodings can hold an integer, too: APPEND turns 12 into a raw
 * "123". */
bool string_integer(const struct entry *e, int64_t *out)
{
    char scratch[INT64_TEXT_MAX];
    if (e->encoding != ENCODING_INT)
        return parse_int64(string_value(e, scratch), out);
    *out = entry_integer(e);
    return true;
}

/* Returns how many bytes fit. The allocator rounds up, and is asked instead of
 * keeping the number: that would cost 8 bytes for each string. */
static size_t raw_capacity(const struct raw *raw)
{
    return zmalloc_usable_size(raw) - sizeof *raw;
}

/* The encoding must be the one that a new string of this value would get. A raw
 * string is reused if the value fits and fills at least half of it. */
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
    if (e->encoding != ENCODING_RAW)
        return false;
    struct raw *raw = entry_pointer(e);
    size_t capacity = raw_capacity(raw);
    if (value.len > capacity || value.len < capacity / 2)
        return false;
    raw->len = value.len;
    memcpy(raw->bytes, value.ptr, value.len);
    return true;
}

/* A raw string that must grow gets twice the bytes it needs, so that appending
 * n bytes one by one copies O(n) of them; beyond this, that many more. */
enum { GROW_AHEAD_MAX = 1024 * 1024 };

/* The raw string is created before the entry changes, because until then the
 * bytes are in the entry. */
struct entry *string_edit(struct entry *e, size_t len, char **data)
{
    if (e->encoding != ENCODING_RAW) {
        char scratch[INT64_TEXT_MAX];
        struct raw *created = raw_create(string_value(e, scratch));
        e = entry_become_pointer(e, ENCODING_RAW);
        entry_set_pointer(e, created);
    }
    struct raw *raw = entry_pointer(e);
    if (len > raw->len) {
        if (len > raw_capacity(raw)) {
            size_t ahead = len < GROW_AHEAD_MAX ? len : GROW_AHEAD_MAX;
            raw = zrealloc(raw, sizeof *raw + len + ahead);
            entry_set_pointer(e, raw);
        }
        memset(raw->bytes + raw->len, 0, len - raw->len);
        raw->len = len;
    }
    *data = raw->bytes;
    return e;
}

void string_free(struct entry *e)
{
    if (e->encoding == ENCODING_RAW)
        zfree(entry_pointer(e));
}
