/* rdb_writer: what a snapshot consists of: numbers, lengths, strings.
 *
 *   00llllll                         a length below 64
 *   01llllll llllllll                below 16,384
 *   80 and 4 bytes, 81 and 8         a longer one, highest byte first
 *   <length> and the bytes           a string
 *   C0, C1, C2 and 1, 2, 4 bytes     a string that spells such an integer
 *   C3 <length> <length> and bytes   a compressed string: lzf.h */
#ifndef PERSIST_RDB_WRITER_H
#define PERSIST_RDB_WRITER_H

enum {
    RDB_LENGTH_6 = 0x00, /* the two highest bits of a length's first byte */
    RDB_LENGTH_14 = 0x40,
    RDB_LENGTH_32 = 0x80, /* the whole byte */
    RDB_LENGTH_64 = 0x81,
    RDB_SPECIAL = 0xC0, /* the two highest bits; the others say which: */
    RDB_INT_8 = 0,
    RDB_INT_16 = 1,
    RDB_INT_32 = 2,
    RDB_LZF = 3,
};

struct rdb_writer;

/* In which order the bytes of a number stand. */
enum rdb_order { LOW_FIRST, HIGH_FIRST };

#endif
