/* short: strings in a form that is shorter than their bytes. */
#include "common/config.h"
#include "common/lzf.h"
#include "common/numbers.h"
#include "more/10-rdb/persist/families.h"
#include "persist/rdb_writer.h"

enum {
    COMPRESS_FROM = 21, /* bytes; a shorter string stays as it is */
    SAVES_AT_LEAST = 4 /* bytes: as much as the two lengths may take */
};

static bool compresses;

static const struct config_row short_config[] = {
    {CONFIG_VALUE(BOOL, "rdbcompression", compresses, "yes")},
    {.name = NULL},
};

/* Writes a string that spells an integer of 32 bits as that. Returns false if
 * it does not. */
static bool write_as_integer(struct rdb_writer *w, struct slice s)
{
    int64_t value;
    if (s.len >= INT64_TEXT_MAX || !parse_int64(s, &value) ||
        value != (int32_t)value)
        return false;
    int kind = value == (int8_t)value ? 0 : value == (int16_t)value ? 1 : 2;
    rdb_write_byte(w, (uint8_t)(RDB_SPECIAL | kind));
    rdb_write_number(w, (uint64_t)value, 1 << kind, LOW_FIRST);
    return true;
}

/* Writes a string compressed. Returns false if it does not become shorter. */
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

static bool write_short(struct rdb_writer *w, struct slice s)
{
    return write_as_integer(w, s) ||
           (compresses && s.len >= COMPRESS_FROM && write_compressed(w, s));
}

void rdb_short_open(void)
{
    config_add(short_config);
    rdb_write_short = write_short;
}
