#include "persist/rdb_reader.h"

#include "common/lzf.h"
#include "common/numbers.h"

void rdb_reader_open(struct rdb_reader *r, struct slice bytes)
{
    *r = (struct rdb_reader){.start = (const uint8_t *)bytes.ptr};
    r->at = r->start;
    r->end = r->start + bytes.len;
}

void rdb_reader_close(struct rdb_reader *r)
{
    for (int i = 0; i < RDB_PLACES; i++)
        buffer_free(&r->texts[i]);
}

bool rdb_fail(struct rdb_reader *r, const char *reason)
{
    if (!r->reason)
        r->reason = reason;
    return false;
}

bool rdb_read_bytes(struct rdb_reader *r, size_t len, struct slice *out)
{
    if ((size_t)(r->end - r->at) < len)
        return rdb_fail(r, "Unexpected EOF reading RDB file");
    *out = (struct slice){(const char *)r->at, len};
    r->at += len;
    return true;
}

bool rdb_read_number(struct rdb_reader *r, int bytes, enum rdb_order order,
                     uint64_t *number)
{
    struct slice s;
    if (!rdb_read_bytes(r, (size_t)bytes, &s))
        return false;
    *number = 0;
    for (int i = 0; i < bytes; i++) {
        int at = order == LOW_FIRST ? bytes - 1 - i : i;
        *number = *number << 8 | (uint8_t)s.ptr[at];
    }
    return true;
}

/* Reads a length; or what kind of string follows, if *is_special. */
static bool read_head(struct rdb_reader *r, uint64_t *value, bool *is_special)
{
    uint64_t first, second;
    if (!rdb_read_number(r, 1, LOW_FIRST, &first))
        return false;
    *is_special = first >= RDB_SPECIAL;
    *value = first & 0x3F;
    if (first < RDB_LENGTH_14 || *is_special)
        return true;
    if (first == RDB_LENGTH_32 || first == RDB_LENGTH_64)
        return rdb_read_number(r, first == RDB_LENGTH_32 ? 4 : 8, HIGH_FIRST,
                               value);
    if (first > RDB_LENGTH_32)
        return rdb_fail(r, "Unknown length encoding");
    if (!rdb_read_number(r, 1, LOW_FIRST, &second))
        return false;
    *value = *value << 8 | second;
    return true;
}

bool rdb_read_length(struct rdb_reader *r, uint64_t *length)
{
    bool is_special;
    if (!read_head(r, length, &is_special))
        return false;
    return !is_special || rdb_fail(r, "A string where a length should be");
}

/* Reads an integer of 1, 2 or 4 bytes, and writes its text. */
static bool read_integer(struct rdb_reader *r, int kind, struct buffer *text)
{
    uint64_t number;
    int bits = 8 << kind;
    if (!rdb_read_number(r, 1 << kind, LOW_FIRST, &number))
        return false;
    int64_t value = (int64_t)(number << (64 - bits)) >> (64 - bits);
    text->len = format_int64(buffer_reserve(text, INT64_TEXT_MAX), value);
    return true;
}

/* Reads a compressed string, and writes the original. */
static bool read_compressed(struct rdb_reader *r, struct buffer *text)
{
    uint64_t packed_len, len;
    struct slice packed;
    if (!rdb_read_length(r, &packed_len) || !rdb_read_length(r, &len) ||
        !rdb_read_bytes(r, packed_len, &packed))
        return false;
    if (len / LZF_RATIO_MAX > packed_len ||
        !lzf_decompress((const uint8_t *)packed.ptr, packed.len,
                        (uint8_t *)buffer_reserve(text, len), len))
        return rdb_fail(r, "Invalid LZF compressed string");
    text->len = len;
    return true;
}

bool rdb_read_string(struct rdb_reader *r, enum rdb_place place,
                     struct slice *s)
{
    uint64_t value;
    bool is_special;
    if (!read_head(r, &value, &is_special))
        return false;
    if (!is_special)
        return rdb_read_bytes(r, value, s);
    struct buffer *text = &r->texts[place];
    text->len = 0;
    if (value > RDB_LZF)
        return rdb_fail(r, "Unknown RDB string encoding type");
    if (value == RDB_LZF ? !read_compressed(r, text)
                         : !read_integer(r, (int)value, text))
        return false;
    *s = buffer_slice(text);
    return true;
}
