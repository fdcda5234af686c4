#include "more/10-rdb/persist/ziplist.h"

enum {
    HEADER_BYTES = 10,
    COUNT_UNKNOWN = 65535,
    END = 0xFF,
    LONG_LENGTH = 254, /* of what four bytes with the length follow */
    IMMEDIATE_LEAST = 0xF1, /* 0 to 12 are in the encoding itself */
    IMMEDIATE_MOST = 0xFD
};

static uint64_t read_le(const uint8_t *from, int bytes)
{
    uint64_t number = 0;
    for (int i = bytes; i-- > 0;)
        number = number << 8 | from[i];
    return number;
}

/* Notes that the bytes are wrong. Returns false. */
static bool fail(struct ziplist_reader *r)
{
    r->is_damaged = true;
    return false;
}

/* Returns how many bytes are left before the last one. */
static uint64_t bytes_left(const struct ziplist_reader *r)
{
    return (uint64_t)(r->end - r->at);
}

void ziplist_open(struct ziplist_reader *r, struct slice bytes)
{
    const uint8_t *start = (const uint8_t *)bytes.ptr;
    *r = (struct ziplist_reader){.is_damaged = true};
    if (bytes.len <= HEADER_BYTES || read_le(start, 4) != bytes.len ||
        start[bytes.len - 1] != END)
        return;
    r->at = start + HEADER_BYTES;
    r->end = start + bytes.len - 1;
    r->left = read_le(start + 8, 2);
    r->is_counted = r->left != COUNT_UNKNOWN;
    r->is_damaged = false;
}

/* Reads how long the element before is, and compares it with what it was. */
static bool read_previous(struct ziplist_reader *r)
{
    uint64_t bytes = *r->at == LONG_LENGTH ? 5 : 1;
    if (bytes > bytes_left(r))
        return fail(r);
    uint64_t previous = bytes == 1 ? *r->at : read_le(r->at + 1, 4);
    r->at += bytes;
    return previous == r->previous || fail(r);
}

/* Reads the length of a text from its encoding. Returns how many bytes that
 * takes, 0 if it is an integer or its bytes are not there. */
static uint64_t read_text_length(const struct ziplist_reader *r, uint64_t *len)
{
    uint64_t left = bytes_left(r);
    switch (*r->at >> 6) {
    case 0:
        *len = *r->at & 0x3F;
        return 1;
    case 1:
        if (left < 2)
            return 0;
        *len = (uint64_t)(*r->at & 0x3F) << 8 | r->at[1];
        return 2;
    case 2:
        if (left < 5)
            return 0;
        *len = (uint64_t)r->at[1] << 24 | (uint64_t)r->at[2] << 16 |
               (uint64_t)r->at[3] << 8 | r->at[4];
        return 5;
    default:
        return 0;
    }
}

/* Returns how many bytes the integer of an encoding has, 0 if it has none. */
static int integer_bytes(uint8_t encoding)
{
    switch (encoding) {
    case 0xFE:
        return 1;
    case 0xC0:
        return 2;
    case 0xF0:
        return 3;
    case 0xD0:
        return 4;
    case 0xE0:
        return 8;
    default:
        return 0;
    }
}

/* Reads an integer, and writes its text. */
static bool read_integer(struct ziplist_reader *r, struct slice *value,
                         char scratch[INT64_TEXT_MAX])
{
    uint8_t encoding = *r->at++;
    int64_t integer = encoding - IMMEDIATE_LEAST;
    if (encoding < IMMEDIATE_LEAST || encoding > IMMEDIATE_MOST) {
        int bytes = integer_bytes(encoding);
        if (bytes == 0 || (uint64_t)bytes > bytes_left(r))
            return fail(r);
        int unused = 64 - 8 * bytes;
        integer = (int64_t)(read_le(r->at, bytes) << unused) >> unused;
        r->at += bytes;
    }
    *value = (struct slice){scratch, format_int64(scratch, integer)};
    return true;
}

static bool read_value(struct ziplist_reader *r, struct slice *value,
                       char scratch[INT64_TEXT_MAX])
{
    uint64_t len;
    if (bytes_left(r) == 0)
        return fail(r);
    uint64_t head = read_text_length(r, &len);
    if (head == 0)
        return *r->at < 0xC0 ? fail(r) : read_integer(r, value, scratch);
    if (len > bytes_left(r) - head)
        return fail(r);
    *value = (struct slice){(const char *)r->at + head, len};
    r->at += head + len;
    return true;
}

bool ziplist_next(struct ziplist_reader *r, struct slice *value,
                  char scratch[INT64_TEXT_MAX])
{
    if (r->is_damaged)
        return false;
    if (r->at == r->end)
        return r->is_counted && r->left > 0 ? fail(r) : false;
    const uint8_t *start = r->at;
    if ((r->is_counted && r->left-- == 0) || !read_previous(r) ||
        !read_value(r, value, scratch))
        return fail(r);
    r->previous = (uint64_t)(r->at - start);
    return true;
}

void zipmap_open(struct ziplist_reader *r, struct slice bytes)
{
    const uint8_t *start = (const uint8_t *)bytes.ptr;
    *r = (struct ziplist_reader){.is_damaged = true};
    if (bytes.len < 2 || start[bytes.len - 1] != END)
        return;
    r->at = start + 1;
    r->end = start + bytes.len - 1;
    r->left = *start;
    r->is_counted = *start < LONG_LENGTH;
    r->is_damaged = false;
}

/* Reads bytes with their length in front; between the two is how many bytes
 * after them are not used, if `has_free`. */
static bool read_zipmap(struct ziplist_reader *r, struct slice *s,
                        bool has_free)
{
    if (bytes_left(r) == 0)
        return fail(r);
    uint64_t len = *r->at, unused = 0, head = len == LONG_LENGTH ? 5 : 1;
    if (len == END || bytes_left(r) < head + has_free)
        return fail(r);
    if (head > 1)
        len = read_le(r->at + 1, 4);
    r->at += head;
    if (has_free)
        unused = *r->at++;
    if (bytes_left(r) < len + unused)
        return fail(r);
    *s = (struct slice){(const char *)r->at, len};
    r->at += len + unused;
    return true;
}

bool zipmap_next(struct ziplist_reader *r, struct slice *name,
                 struct slice *value)
{
    if (r->is_damaged)
        return false;
    if (r->at == r->end)
        return r->is_counted && r->left > 0 ? fail(r) : false;
    if (r->is_counted && r->left-- == 0)
        return fail(r);
    return read_zipmap(r, name, false) && read_zipmap(r, value, true);
}
