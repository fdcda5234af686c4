/* snapshot, for small files: lengths of one byte, and strings alone. */
#include "persist/snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "persist/rdb_reader.h"
#include "store/keyspace.h"

enum { OP_AUX = 0xFA, OP_RESIZE = 0xFB, OP_DATABASE = 0xFE, OP_END = 0xFF };
enum { HEADER_BYTES = 9, INT_8 = 0xC0 };

static char *points; /* of the parameter `save`; not read yet */

const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", points, ""), .flags = CONFIG_WORDS},
    {.name = NULL},
};

/* Reads a length and so many bytes. INT_8 is followed by one byte. */
static bool read_string(struct rdb_reader *r, struct slice *s)
{
    uint64_t len;
    return rdb_read_number(r, 1, LOW_FIRST, &len) &&
           rdb_read_bytes(r, len == INT_8 ? 1 : len, s);
}

/* Reads what follows an opcode. */
static bool load_part(struct rdb_reader *r, struct db **db, uint64_t opcode)
{
    struct slice key, value;
    uint64_t number;
    if (opcode == OP_RESIZE)
        return rdb_read_bytes(r, 2, &value);
    if (opcode == OP_DATABASE && rdb_read_number(r, 1, LOW_FIRST, &number)) {
        *db = db_at((int)number);
        return true;
    }
    if (!read_string(r, &key) || !read_string(r, &value))
        return false;
    if (opcode != OP_AUX)
        db_set_string(*db, key, value);
    return true;
}

/* Reads a header, and then parts until the end. */
static bool load(struct rdb_reader *r)
{
    struct db *db = db_at(0);
    struct slice header;
    uint64_t opcode;
    if (!rdb_read_bytes(r, HEADER_BYTES, &header))
        return false;
    while (rdb_read_number(r, 1, LOW_FIRST, &opcode)) {
        if (opcode == OP_END)
            return true;
        if (!load_part(r, &db, opcode))
            return false;
    }
    return false;
}

bool snapshot_start(void)
{
    struct rdb_reader r;
    struct stat status;
    int fd = open("dump.rdb", O_RDONLY);
    if (fd < 0 || fstat(fd, &status) != 0)
        return true;
    void *bytes =
        mmap(NULL, (size_t)status.st_size + 1, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    rdb_reader_open(&r, (struct slice){bytes, (size_t)status.st_size});
    bool done = load(&r);
    if (!done)
        log_write(LOG_WARNING,
                  "Internal error in RDB reading offset %lld -> %s",
                  (long long)(r.at - r.start), r.reason);
    rdb_reader_close(&r);
    munmap(bytes, (size_t)status.st_size + 1);
    return done;
}
