/* rdb_writer: writes what a snapshot consists of: numbers, lengths, strings.
 *
 *   00llllll                         a length below 64
 *   01llllll llllllll                below 16,384
 *   80 and 4 bytes, 81 and 8         a longer one, highest byte first
 *   <length> and the bytes           a string
 *   C0, C1, C2 and 1, 2, 4 bytes     a string that spells such an integer
 *   C3 <length> <length> and bytes   a compressed string: lzf.h
 *
 * Numbers have their lowest byte first, except lengths and the IDs of streams.
 * Bytes go into a buffer, and from there into a file unless they are to stay in
 * memory. After a write that fails nothing more is written, so a caller looks
 * once, at the end. */
#ifndef PERSIST_RDB_WRITER_H
#define PERSIST_RDB_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"

enum {
    RDB_LENGTH_6 = 0x00, /* the two highest bits of a length's first byte */
    RDB_LENGTH_14 = 0x40,
    RDB_LENGTH_32 = 0x80, /* the whole byte */
    RDB_LENGTH_64 = 0x81,
    RDB_SPECIAL = 0xC0, /* the two highest bits; the others say which: */
    RDB_LZF = 3, /* a compressed string; 0 to 2: an integer of 1 << n bytes */
};

struct rdb_writer {
    int fd; /* of the file; -1: all stays in the buffer */
    struct buffer buffer; /* bytes that are not in the file yet */
    uint64_t checksum; /* of the bytes in the file */
    bool has_failed; /* a write did, and set errno */
};

/* Whether a checksum is written at the end of a file, and compared there. */
extern bool rdb_checksum;

/* Writes a string in a form that is shorter than its bytes, or returns false.
 * Every server reads those forms, and none has to write them. NULL: strings are
 * written as they are. */
extern bool (*rdb_write_short)(struct rdb_writer *w, struct slice s);

void rdb_write_bytes(struct rdb_writer *w, const void *bytes, size_t len);
void rdb_write_byte(struct rdb_writer *w, uint8_t byte);

/* Writes the lowest bytes of a number, in one order or the other. */
enum rdb_order { LOW_FIRST, HIGH_FIRST };
void rdb_write_number(struct rdb_writer *w, uint64_t number, int bytes,
                      enum rdb_order order);

void rdb_write_length(struct rdb_writer *w, uint64_t length);
void rdb_write_string(struct rdb_writer *w, struct slice s);

/* Writes the buffer's bytes into the file. */
void rdb_flush(struct rdb_writer *w);

#endif
