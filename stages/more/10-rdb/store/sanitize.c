#include "more/10-rdb/store/sanitize.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/numbers.h"
#include "common/zmalloc.h"
#include "store/bound.h"
#include "store/field.h"
#include "store/intset.h"
#include "store/listpack.h"

enum {
    HEADER_BYTES = 6,
    END = 0xFF,
    COUNT_UNKNOWN = 65535,
    BACK_MAX = 5,
    TEXT_32 = 0xF0,
    INTEGERS = 0xF1
};

/* Reads a number whose lowest byte is first. */
static uint64_t read_le(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

/* Measures the head and data of an element of which `left` bytes may be there.
 * Returns 0 if they are not, or it has an encoding that does not exist. */
static uint64_t measure(const uint8_t *p, uint64_t left)
{
    static const uint64_t integer_bytes[] = {2, 3, 4, 8};
    uint64_t size = 1;
    if (p[0] >= 0xC0)
        size = p[0] < TEXT_32 ? 2 : 5;
    if (p[0] > TEXT_32 && p[0] - INTEGERS < 4)
        size = 1 + integer_bytes[p[0] - INTEGERS];
    if (size > left || p[0] > INTEGERS + 3)
        return 0;
    if (p[0] >= 0x80 && p[0] < 0xC0)
        size += p[0] & 0x3F;
    if (p[0] >= 0xE0 && p[0] < TEXT_32)
        size += (uint64_t)(p[0] & 0x0F) << 8 | p[1];
    if (p[0] == TEXT_32)
        size += read_le(p + 1, 4);
    return size <= left ? size : 0;
}

/* Returns how many bytes the length backwards takes, as store/listpack. */
static uint64_t back_bytes(uint64_t size)
{
    uint64_t bytes = 1;
    for (uint64_t limit = 0x80; size >= limit && bytes < BACK_MAX; bytes++)
        limit = (limit + (bytes > 1)) * 0x80 - 1;
    return bytes;
}

/* Whether the length backwards is right, if so many bytes are left for it. */
static bool back_is_valid(const uint8_t *p, uint64_t size, uint64_t left)
{
    uint64_t bytes = back_bytes(size);
    if (bytes > left)
        return false;
    for (uint64_t i = bytes; i-- > 0; size >>= 7) {
        if (p[i] != ((size & 0x7F) | (i > 0 ? 0x80 : 0)))
            return false;
    }
    return true;
}

bool listpack_is_valid(struct slice bytes)
{
    const uint8_t *pack = (const uint8_t *)bytes.ptr;
    uint64_t found = 0, left;
    if (bytes.len <= HEADER_BYTES || read_le(pack, 4) != bytes.len ||
        pack[bytes.len - 1] != END)
        return false;
    const uint8_t *at = pack + HEADER_BYTES, *end = pack + bytes.len - 1;
    for (; (left = (uint64_t)(end - at)) > 0; found++) {
        uint64_t size = measure(at, left);
        if (size == 0 || !back_is_valid(at + size, size, left - size))
            return false;
        at += size + back_bytes(size);
    }
    uint64_t count = read_le(pack + 4, 2);
    return count == COUNT_UNKNOWN || count == found;
}

bool pairs_are_valid(struct slice bytes)
{
    const uint8_t *pack = (const uint8_t *)bytes.ptr;
    char scratch[INT64_TEXT_MAX];
    size_t at = listpack_first(pack), end = listpack_end(pack);
    if (listpack_count(pack) % 2 != 0)
        return false;
    struct dict *seen = fields_create();
    bool is_valid = true;
    while (is_valid && at != end) {
        struct slice name = listpack_get(pack, at, scratch);
        is_valid = fields_set(seen, name, SLICE(""));
        at = listpack_next(pack, listpack_next(pack, at));
    }
    fields_free(seen);
    return is_valid;
}

bool scores_are_valid(struct slice bytes)
{
    const uint8_t *pack = (const uint8_t *)bytes.ptr;
    char scratch[2][INT64_TEXT_MAX], text[INT64_TEXT_MAX];
    struct bound previous = bound_of(-INFINITY, SLICE(""));
    size_t at = listpack_first(pack), end = listpack_end(pack);
    if (!pairs_are_valid(bytes))
        return false;
    for (int i = 0; at != end; i ^= 1) { /* the previous one is in the other */
        double score;
        struct slice member = listpack_get(pack, at, scratch[i]);
        at = listpack_next(pack, at);
        if (!parse_double(listpack_get(pack, at, text), &score) ||
            bound_is_after(&previous, score, member))
            return false;
        at = listpack_next(pack, at);
        previous = bound_of(score, member);
    }
    return true;
}

bool intset_is_valid(struct slice bytes)
{
    struct intset header;
    if (bytes.len < sizeof header)
        return false;
    memcpy(&header, bytes.ptr, sizeof header);
    if ((header.width != sizeof(int16_t) && header.width != sizeof(int32_t) &&
         header.width != sizeof(int64_t)) ||
        sizeof header + (uint64_t)header.count * header.width != bytes.len)
        return false;
    struct intset *s = zmalloc(bytes.len); /* aligned, which a file is not */
    memcpy(s, bytes.ptr, bytes.len);
    bool is_valid = true;
    for (size_t i = 1; is_valid && i < s->count; i++)
        is_valid = intset_get(s, i - 1) < intset_get(s, i);
    zfree(s);
    return is_valid;
}
