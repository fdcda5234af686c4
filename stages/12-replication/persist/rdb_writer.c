#include "persist/rdb_writer.h"

#include <errno.h>
#include <unistd.h>

#include "common/crc64.h"

enum { CHUNK = 64 * 1024 }; /* bytes that are written at once */

bool rdb_checksum;
bool (*rdb_write_short)(struct rdb_writer *w, struct slice s);

void rdb_flush(struct rdb_writer *w)
{
    const char *bytes = w->buffer.data;
    size_t len = w->buffer.len;
    if (rdb_checksum)
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

void rdb_write_string(struct rdb_writer *w, struct slice s)
{
    if (rdb_write_short && rdb_write_short(w, s))
        return;
    rdb_write_length(w, s.len);
    rdb_write_bytes(w, s.ptr, s.len);
}
