/* listpack, inside: the first bits of an element say what it is.
 *
 *   0vvvvvvv                       the integer v, 0 to 127
 *   10llllll                       l bytes follow, at most 63
 *   110vvvvv vvvvvvvv              the integer v, 13 bits
 *   1110llll llllllll              l bytes follow, at most 4,095
 *   0xF0 and l in 4 bytes          l bytes follow
 *   0xF1, 0xF2, 0xF3, 0xF4         an integer in 2, 3, 4, 8 bytes
 *   0xFF                           the end
 *
 * Numbers of several bytes have their lowest byte first, but for those whose
 * bits begin in the first byte. The length backwards counts head and data; it
 * has 7 bits in each of one to five bytes, and is read from its end:
 *
 *   0ddddddd 1ddddddd 1ddddddd     the top bit: one more byte is before */
#include "store/listpack.h"

#include <string.h>

#include "common/zmalloc.h"

enum {
    HEADER_BYTES = 6, /* bytes in all, count */
    END = 0xFF,
    COUNT_UNKNOWN = 65535, /* as many or more: they have to be counted */
    HEAD_MAX = 9, /* bytes, of the largest integer */
    BACK_MAX = 5,
    TEXT_32 = 0xF0, /* the length has 32 bits */
    INTEGERS = 0xF1 /* the first of four */
};

/* The bytes of an integer after 0xF1, 0xF2, 0xF3 and 0xF4. */
static const int integer_bytes[] = {2, 3, 4, 8};

/* What an element is, in bytes. */
struct element {
    size_t size; /* of head and data */
    struct slice text; /* NULL: an integer */
    int64_t integer;
};

/* Read and write a number whose lowest byte is first. */
static uint64_t read_le(const uint8_t *from, int bytes)
{
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | from[i];
    return value;
}

static void write_le(uint8_t *to, int bytes, uint64_t value)
{
    for (int i = 0; i < bytes; i++, value >>= 8)
        to[i] = (uint8_t)value;
}

/* Extends the sign of a number of that many bits to 64. */
static int64_t sign_extend(uint64_t value, int bits)
{
    return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

/* Reads the element at a place in memory. */
static struct element read_element(const uint8_t *p)
{
    size_t len;
    if (p[0] < 0x80)
        return (struct element){.size = 1, .integer = p[0]};
    if (p[0] < 0xC0) {
        len = p[0] & 0x3F;
        return (struct element){1 + len, {(const char *)p + 1, len}, 0};
    }
    if (p[0] < 0xE0)
        return (struct element){
            .size = 2, .integer = sign_extend((p[0] & 0x1FU) << 8 | p[1], 13)};
    if (p[0] < TEXT_32) {
        len = (p[0] & 0x0FU) << 8 | p[1];
        return (struct element){2 + len, {(const char *)p + 2, len}, 0};
    }
    if (p[0] == TEXT_32) {
        len = read_le(p + 1, 4);
        return (struct element){5 + len, {(const char *)p + 5, len}, 0};
    }
    int bytes = integer_bytes[p[0] - INTEGERS];
    return (struct element){.size = 1 + (size_t)bytes,
                            .integer =
                                sign_extend(read_le(p + 1, bytes), 8 * bytes)};
}

/* Writes an integer in as few bytes as it takes, and returns how many. */
static size_t write_integer(uint8_t *out, int64_t value)
{
    if (value >= 0 && value < 0x80) {
        out[0] = (uint8_t)value;
        return 1;
    }
    if (value >= -0x1000 && value < 0x1000) {
        out[0] = (uint8_t)(0xC0 | (value >> 8 & 0x1F));
        out[1] = (uint8_t)value;
        return 2;
    }
    int width = 0;
    while (sign_extend((uint64_t)value, 8 * integer_bytes[width]) != value)
        width++;
    out[0] = (uint8_t)(INTEGERS + width);
    write_le(out + 1, integer_bytes[width], (uint64_t)value);
    return 1 + (size_t)integer_bytes[width];
}

/* Writes the head of a text of that length, and returns how long it is. */
static size_t write_text_head(uint8_t *out, size_t len)
{
    if (len < 0x40) {
        out[0] = (uint8_t)(0x80 | len);
        return 1;
    }
    if (len < 0x1000) {
        out[0] = (uint8_t)(0xE0 | len >> 8);
        out[1] = (uint8_t)len;
        return 2;
    }
    out[0] = TEXT_32;
    write_le(out + 1, 4, len);
    return 5;
}

/* Returns how many bytes the length backwards takes. Redis leaves the highest
 * value of each but the first width unused, and so do we. */
static size_t back_bytes(size_t size)
{
    size_t bytes = 1;
    for (size_t limit = 0x80; size >= limit && bytes < BACK_MAX; bytes++)
        limit = (limit + (bytes > 1)) * 0x80 - 1;
    return bytes;
}

/* Writes the length backwards, and returns how many bytes it has taken. */
static size_t write_back(uint8_t *out, size_t size)
{
    size_t bytes = back_bytes(size);
    for (size_t i = bytes; i-- > 0; size >>= 7)
        out[i] = (uint8_t)((size & 0x7F) | (i > 0 ? 0x80 : 0));
    return bytes;
}

/* Writes the header and the end. A count that doesn't fit is unknown, and has
 * to be found by a walk. */
static void finish(uint8_t *pack, size_t bytes, size_t count)
{
    write_le(pack, 4, bytes);
    write_le(pack + 4, 2, count < COUNT_UNKNOWN ? count : COUNT_UNKNOWN);
    pack[bytes - 1] = END;
}

uint8_t *listpack_create(void)
{
    uint8_t *pack = zmalloc(HEADER_BYTES + 1);
    finish(pack, HEADER_BYTES + 1, 0);
    return pack;
}

size_t listpack_bytes(const uint8_t *pack)
{
    return read_le(pack, 4);
}

size_t listpack_count(const uint8_t *pack)
{
    size_t count = read_le(pack + 4, 2);
    if (count < COUNT_UNKNOWN)
        return count;
    count = 0;
    for (size_t at = HEADER_BYTES; pack[at] != END; count++)
        at = listpack_next(pack, at);
    return count;
}

size_t listpack_first(const uint8_t *pack)
{
    (void)pack;
    return HEADER_BYTES;
}

size_t listpack_end(const uint8_t *pack)
{
    return listpack_bytes(pack) - 1;
}

size_t listpack_next(const uint8_t *pack, size_t at)
{
    size_t size = read_element(pack + at).size;
    return at + size + back_bytes(size);
}

size_t listpack_previous(const uint8_t *pack, size_t at)
{
    size_t size = 0, bytes = 0;
    do
        size |= (size_t)(pack[at - 1 - bytes] & 0x7F) << 7 * bytes;
    while (pack[at - 1 - bytes++] & 0x80);
    return at - bytes - size;
}

size_t listpack_seek(const uint8_t *pack, size_t index)
{
    size_t count = listpack_count(pack);
    size_t at;
    if (index < count / 2) {
        at = listpack_first(pack);
        for (; index > 0; index--)
            at = listpack_next(pack, at);
    } else {
        at = listpack_end(pack);
        for (; index < count; index++)
            at = listpack_previous(pack, at);
    }
    return at;
}

struct slice listpack_get(const uint8_t *pack, size_t at,
                          char scratch[INT64_TEXT_MAX])
{
    struct element e = read_element(pack + at);
    if (e.text.ptr)
        return e.text;
    return (struct slice){scratch, format_int64(scratch, e.integer)};
}

/* The value is parsed once, not each integer written as text. */
size_t listpack_find(const uint8_t *pack, struct slice value, size_t stride)
{
    int64_t integer;
    bool is_integer = parse_int64(value, &integer);
    size_t at = HEADER_BYTES;
    for (size_t i = 0; pack[at] != END; i++) {
        struct element e = read_element(pack + at);
        bool equal = e.text.ptr ? slice_equal(e.text, value)
                                : is_integer && e.integer == integer;
        if (equal && i % stride == 0)
            break;
        at += e.size + back_bytes(e.size);
    }
    return at;
}

/* Inserts an element of which the head is written; its text follows. Nothing
 * has to move for one at the end. The count in the header says "unknown" of
 * large packs, and stays so. */
static uint8_t *insert_element(uint8_t *pack, size_t at, uint8_t *head,
                               size_t head_len, struct slice text)
{
    size_t bytes = listpack_bytes(pack);
    size_t count = read_le(pack + 4, 2);
    size_t size = head_len + text.len;
    size_t added = size + back_bytes(size);
    if (bytes + added > zmalloc_usable_size(pack))
        pack = zrealloc(pack, bytes + added);
    if (at + 1 < bytes)
        memmove(pack + at + added, pack + at, bytes - at);
    write_back(text.len > 0 ? pack + at + size : head + head_len, size);
    memcpy(pack + at, head, text.len > 0 ? head_len : added);
    if (text.len > 0)
        memcpy(pack + at + head_len, text.ptr, text.len);
    finish(pack, bytes + added, count + 1);
    return pack;
}

uint8_t *listpack_insert(uint8_t *pack, size_t at, struct slice value)
{
    uint8_t head[HEAD_MAX + BACK_MAX];
    int64_t integer;
    if (parse_int64(value, &integer))
        return listpack_insert_integer(pack, at, integer);
    size_t head_len = write_text_head(head, value.len);
    return insert_element(pack, at, head, head_len, value);
}

uint8_t *listpack_insert_integer(uint8_t *pack, size_t at, int64_t value)
{
    uint8_t head[HEAD_MAX + BACK_MAX];
    size_t head_len = write_integer(head, value);
    return insert_element(pack, at, head, head_len, SLICE(""));
}

int64_t listpack_integer(const uint8_t *pack, size_t at)
{
    return read_element(pack + at).integer;
}

/* Mostly the new integer takes as many bytes as the old one. */
uint8_t *listpack_replace_integer(uint8_t *pack, size_t at, int64_t value)
{
    uint8_t head[HEAD_MAX];
    size_t head_len = write_integer(head, value);
    if (head_len == read_element(pack + at).size) {
        memcpy(pack + at, head, head_len);
        return pack;
    }
    pack = listpack_delete(pack, at, 1);
    return listpack_insert_integer(pack, at, value);
}

uint8_t *listpack_delete(uint8_t *pack, size_t at, size_t count)
{
    size_t bytes = listpack_bytes(pack);
    size_t left = listpack_count(pack) - count;
    size_t behind = at;
    for (; count > 0; count--)
        behind = listpack_next(pack, behind);
    memmove(pack + at, pack + behind, bytes - behind);
    bytes -= behind - at;
    finish(pack, bytes, left);
    return zrealloc(pack, bytes);
}
