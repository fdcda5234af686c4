#include "persist/rdb_writer.h"

#include <errno.h>
#include <unistd.h>

#include "common/crc64.h"
#include "common/lzf.h"
#include "common/numbers.h"

enum {
    CHUNK = 64 * 1024, /* bytes that are written at once */
    COMPRESS_FROM = 21, /* bytes; a shorter string stays as it is */
    SAVES_AT_LEAST = 4 /* bytes: as much as the two lengths may take */
};

struct rdb_settings rdb_settings;

void rdb_flush(struct rdb_writer *w)
{
    const char *bytes = w->buffer.data;
    size_t len = w->buffer.len;
    if (rdb_settings.checksum)
        w->checksum = crc64(w->checksum, bytes, len);
    while (len > 0 && !w->has_failed) {
        ssize_t count = write(w->fd, bytes, len);
        w->has_failed = count < 0 && errno != EINTR;
        if (count > 0) {
            bytes += count;
            len -= (size_t)count;
        }
    }
    w->buffer.len = 0;
}

void rdb_write_bytes(struct rdb_writer *w, const void *bytes, size_t len)
{
    buffer_append(&w->buffer, bytes, len);
    if (w->fd >= 0 && w->buffer.len >= CHUNK)
        rdb_flush(w);
}

void rdb_write_byte(struct rdb_writer *w, uint8_t byte)
{
    rdb_write_bytes(w, &byte, 1);
}

void rdb_write_number(struct rdb_writer *w, uint64_t number, int bytes,
                      enum rdb_order order)
{
    uint8_t out[sizeof number];
    for (int i = 0; i < bytes; i++, number >>= 8)
        out[order == LOW_FIRST ? i : bytes - 1 - i] = (uint8_t)number;
    rdb_write_bytes(w, out, (size_t)bytes);
}

void rdb_write_length(struct rdb_writer *w, uint64_t length)
{
    if (length < 1 << 6) {
        rdb_write_byte(w, (uint8_t)(RDB_LENGTH_6 | length));
    } else if (length < 1 << 14) {
        rdb_write_number(w, RDB_LENGTH_14 << 8 | length, 2, HIGH_FIRST);
    } else {
        bool is_wide = length > UINT32_MAX;
        rdb_write_byte(w, is_wide ? RDB_LENGTH_64 : RDB_LENGTH_32);
        rdb_write_number(w, length, is_wide ? 8 : 4, HIGH_FIRST);
    }
}

/* Writes a string that spells an integer of 32 bits as that. Returns false if it
 * does not. */
static bool write_as_integer(struct rdb_writer *w, struct slice s)
{
    int64_t value;
    if (s.len >= INT64_TEXT_MAX || !parse_int64(s, &value) ||
        value != (int32_t)value)
        return false;
    int kind = value == (int8_t)value    ? RDB_INT_8
               : value == (int16_t)value ? RDB_INT_16
                                         : RDB_INT_32;
    rdb_write_byte(w, (uint8_t)(RDB_SPECIAL | kind));
    rdb_write_number(w, (uint64_t)value, 1 << kind, LOW_FIRST);
    return true;
}

/* Writes a string compressed. Returns false if that does not make it shorter. */
static bool write_compressed(struct rdb_writer *w, struct slice s)
{
    static struct buffer packed;
    size_t room = s.len - SAVES_AT_LEAST;
    uint8_t *out = (uint8_t *)buffer_reserve(&packed, room);
    size_t len = lzf_compress((const uint8_t *)s.ptr, s.len, out, room);
    if (len == 0)
        return false;
    rdb_write_byte(w, RDB_SPECIAL | RDB_LZF);
    rdb_write_length(w, len);
    rdb_write_length(w, s.len);
    rdb_write_bytes(w, out, len);
    return true;
}

void rdb_write_string(struct rdb_writer *w, struct slice s)
{
    if (write_as_integer(w, s))
        return;
    if (rdb_settings.compression && s.len >= COMPRESS_FROM &&
        write_compressed(w, s))
        return;
    rdb_write_length(w, s.len);
    rdb_write_bytes(w, s.ptr, s.len);
}
