/* mixed: a file that begins with a snapshot and goes on with commands, as the
 * log of the versions from 4.0 to 6.2 does after a rewrite.
 *
 *   REDIS0009 ... | end | checksum | *2 $6 SELECT $1 0 *3 $3 SET ...
 *
 * Nothing says where the snapshot ends, so it is read once to find that out. A
 * file whose name ends with .rdb is a snapshot and nothing else. */
#include <string.h>

#include "more/11-aof/persist/families.h"
#include "persist/aof_load.h"
#include "persist/rdb.h"
#include "persist/rdb_format.h"
#include "persist/rdb_reader.h"
#include "store/type.h"

enum {
    OP_RESIZE = 0xFB,
    OP_EXPIRE_MS = 0xFC,
    OP_DATABASE = 0xFE,
    OP_END = 0xFF,
    TIME_BYTES = 8,
    HEADER_BYTES = 9,
    CHECKSUM_BYTES = 8
};

static bool skip_value(struct rdb_reader *r, uint64_t type)
{
    struct slice key;
    struct entry *e = NULL;
    if (rdb_read_string(r, RDB_KEY, &key))
        e = rdb_load_value(r, type, key);
    if (e)
        entry_free(e);
    return !r->reason;
}

/* Reads over what follows an opcode. */
static bool skip_part(struct rdb_reader *r, uint64_t opcode)
{
    struct rdb_load unused = {0};
    struct slice bytes;
    uint64_t number;
    switch (opcode) {
    case OP_DATABASE:
        return rdb_read_length(r, &number);
    case OP_RESIZE:
        if (!rdb_read_length(r, &number))
            return false;
        return rdb_read_length(r, &number);
    case OP_EXPIRE_MS:
        return rdb_read_bytes(r, TIME_BYTES, &bytes);
    default:
        return rdb_extension->load(r, opcode, &unused) ||
               (!r->reason && skip_value(r, opcode));
    }
}

/* A file that cannot be read is taken as a whole: it is refused with a reason
 * when it is loaded. */
static size_t snapshot_length(const char *path, struct slice bytes)
{
    struct rdb_reader r;
    struct slice header;
    uint64_t opcode = 0;
    const char *suffix = strrchr(path, '.');
    size_t length = bytes.len;
    if (suffix && strcmp(suffix, ".rdb") == 0)
        return length;
    rdb_reader_open(&r, bytes);
    bool goes_on = rdb_read_bytes(&r, HEADER_BYTES, &header);
    while (goes_on && rdb_read_number(&r, 1, LOW_FIRST, &opcode) &&
           opcode != OP_END)
        goes_on = skip_part(&r, opcode);
    if (goes_on && opcode == OP_END && r.end - r.at >= CHECKSUM_BYTES)
        length = (size_t)(r.at - r.start) + CHECKSUM_BYTES;
    rdb_reader_close(&r);
    return length;
}

void mixed_open(void)
{
    aof_snapshot_length = snapshot_length;
}
