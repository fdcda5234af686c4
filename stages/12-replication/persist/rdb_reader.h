/* rdb_reader: reads numbers, lengths and strings back. Every byte is untrusted.
 *
 * All bytes are in memory (a file is mapped there), and a string is a slice of
 * them where possible. Each length is compared with what is left before it is
 * used, so a wrong one costs no memory. A function that cannot read returns
 * false; the first failure says why, and `at` stays near it. */
#ifndef PERSIST_RDB_READER_H
#define PERSIST_RDB_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "persist/rdb_writer.h"

/* Two strings that are needed at the same time go to different places. */
enum rdb_place { RDB_KEY, RDB_NAME, RDB_VALUE, RDB_PLACES };

struct rdb_reader {
    const uint8_t *start, *at, *end;
    const char *reason; /* of the first failure; NULL: there was none */
    struct buffer texts[RDB_PLACES]; /* strings that were decoded */
};

/* Begin to read from those bytes, which must stay valid, and free what decoded
 * strings needed. */
void rdb_reader_open(struct rdb_reader *r, struct slice bytes);
void rdb_reader_close(struct rdb_reader *r);

/* Notes the reason of a failure, unless there was one before. Returns false. */
bool rdb_fail(struct rdb_reader *r, const char *reason);

/* Reads that many bytes. The slice points into those that are read from. */
bool rdb_read_bytes(struct rdb_reader *r, size_t len, struct slice *out);

bool rdb_read_number(struct rdb_reader *r, int bytes, enum rdb_order order,
                     uint64_t *number);
bool rdb_read_length(struct rdb_reader *r, uint64_t *length);

/* Reads a string, valid until the next one is read in the same place. */
bool rdb_read_string(struct rdb_reader *r, enum rdb_place place,
                     struct slice *s);

#endif
