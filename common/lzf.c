/* lzf, inside: three bytes in a row are looked up in a table of where such
 * three were last seen. If they were near enough, it is measured how far both
 * places are equal.
 *
 * The table is not cleared before each text, which would take longer than a
 * short text takes: positions go on counting from one text to the next, and one
 * below the start of this text is of another. */
#include "lzf.h"

#include <string.h>

enum {
    HASH_BITS = 14,
    LITERALS_MAX = 32, /* in a row */
    DISTANCE_MAX = 1 << 13,
    MATCH_MIN = 3,
    MATCH_LONG = 9, /* from here on it takes a byte more */
    MATCH_MAX = 264,
    TEXT_MAX = INT32_MAX,
};

static uint32_t last_seen[1 << HASH_BITS]; /* positions, counted from 1 */
static uint32_t next_start = 1; /* of the next text */

/* What is being written. */
struct out {
    uint8_t *at, *end;
};

/* Returns the place in the table for the three bytes there. */
static uint32_t *place_of(const uint8_t *p)
{
    uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    return &last_seen[(three * 2654435761U) >> (32 - HASH_BITS)];
}

/* Writes bytes as they are. Returns false if there is no room. */
static bool write_literals(struct out *out, const uint8_t *from, size_t count)
{
    while (count > 0) {
        size_t some = count < LITERALS_MAX ? count : LITERALS_MAX;
        if ((size_t)(out->end - out->at) < 1 + some)
            return false;
        *out->at++ = (uint8_t)(some - 1);
        memcpy(out->at, from, some);
        out->at += some;
        from += some;
        count -= some;
    }
    return true;
}

/* Writes that bytes are repeated. Returns false if there is no room. */
static bool write_match(struct out *out, size_t distance, size_t len)
{
    size_t back = distance - 1, short_len = len - 2;
    if (out->end - out->at < 3)
        return false;
    if (len < MATCH_LONG) {
        *out->at++ = (uint8_t)(short_len << 5 | back >> 8);
    } else {
        *out->at++ = (uint8_t)(7U << 5 | back >> 8);
        *out->at++ = (uint8_t)(short_len - 7);
    }
    *out->at++ = (uint8_t)back;
    return true;
}

/* Returns where the numbers of a text begin, after which others may follow. */
static uint32_t begin_text(size_t len)
{
    if (next_start > UINT32_MAX - (uint32_t)len) {
        memset(last_seen, 0, sizeof last_seen);
        next_start = 1;
    }
    uint32_t start = next_start;
    next_start += (uint32_t)len;
    return start;
}

/* Returns how many bytes at `at` are as those `distance` before them. */
static size_t match_length(const uint8_t *at, const uint8_t *end,
                           size_t distance)
{
    size_t len = 0, most = (size_t)(end - at);
    if (most > MATCH_MAX)
        most = MATCH_MAX;
    while (len < most && at[len] == *(at + len - distance))
        len++;
    return len;
}

size_t lzf_compress(const uint8_t *in, size_t len, uint8_t *out, size_t room)
{
    struct out to = {out, out + room};
    const uint8_t *at = in, *end = in + len, *unwritten = in;
    if (len > TEXT_MAX)
        return 0;
    uint32_t start = begin_text(len);
    while (end - at >= MATCH_MIN) {
        uint32_t *place = place_of(at), here = start + (uint32_t)(at - in);
        size_t distance = *place >= start ? here - *place : 0;
        *place = here;
        size_t same = 0;
        if (distance > 0 && distance <= DISTANCE_MAX)
            same = match_length(at, end, distance);
        if (same < MATCH_MIN) {
            at++;
            continue;
        }
        if (!write_literals(&to, unwritten, (size_t)(at - unwritten)) ||
            !write_match(&to, distance, same))
            return 0;
        at += same;
        unwritten = at;
    }
    if (!write_literals(&to, unwritten, (size_t)(end - unwritten)))
        return 0;
    return (size_t)(to.at - out);
}

/* Every length is compared with what is left before anything is copied. A match
 * is copied byte by byte, because it may overlap what it writes. */
bool lzf_decompress(const uint8_t *in, size_t len, uint8_t *out, size_t size)
{
    const uint8_t *end = in + len;
    uint8_t *at = out, *out_end = out + size;
    while (in < end) {
        size_t head = *in++, count = head + 1;
        if (head < LITERALS_MAX) {
            if ((size_t)(end - in) < count || (size_t)(out_end - at) < count)
                return false;
            memcpy(at, in, count);
            at += count;
            in += count;
            continue;
        }
        count = (head >> 5) + 2;
        if (end - in < 1 + (count == MATCH_LONG))
            return false;
        if (count == MATCH_LONG)
            count += *in++;
        size_t distance = ((head & 0x1f) << 8 | *in++) + 1;
        if ((size_t)(at - out) < distance || (size_t)(out_end - at) < count)
            return false;
        for (; count > 0; count--, at++)
            *at = *(at - distance);
    }
    return at == out_end;
}
