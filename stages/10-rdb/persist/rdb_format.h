/* rdb_format: how each type and encoding of a value is written in a snapshot.
 *
 *    0  string      the string
 *   18  list        n nodes: 1 and an element, or 2 and a listpack
 *   11, 2  set      an intset; n members
 *   16, 4  hash     a listpack; n fields with their values
 *   17, 5  zset     a listpack; n members with a score of 8 bytes each
 *   19  stream      rdb_stream.c
 *
 * A value that is packed in memory is one string here: its bytes. The byte
 * before the key says which row of this table reads the value.
 *
 * The bytes inside a packed value are believed here: a checksum finds damage,
 * but no file that was made to do harm. rdb_extension may look at them. */
#ifndef PERSIST_RDB_FORMAT_H
#define PERSIST_RDB_FORMAT_H

#include "persist/rdb_reader.h"
#include "store/entry.h"
#include "store/stream_id.h"

enum { RDB_TYPES = 32 }; /* above all bytes of rows; ends a table of them */

typedef bool rdb_add_fn(struct rdb_reader *r, void *to);

struct rdb_format {
    uint8_t byte;
    enum type type;
    enum encoding encoding;

    /* Writes the value. NULL: it is only read. */
    void (*save)(struct rdb_writer *w, const struct entry *e);

    /* Create an empty value, and read an element and add it. If all three are
     * NULL, the value is packed. */
    struct entry *(*create)(struct slice key);
    rdb_add_fn *add;

    /* Reads a value in another form. Returns NULL if the bytes are wrong. */
    struct entry *(*load)(struct rdb_reader *r, struct slice key);
};

/* The rows by which values are written, and the function that adds rows for
 * reading. */
extern const struct rdb_format rdb_formats[];
void rdb_formats_add(const struct rdb_format *rows);

/* Returns the row by which an entry is written. */
const struct rdb_format *rdb_format_of(const struct entry *e);

/* Reads a value by the row of a byte, and returns its entry, which no database
 * has yet. Returns NULL with a reason if the bytes are wrong, and without one
 * if the value is to be skipped. */
struct entry *rdb_load_value(struct rdb_reader *r, uint64_t byte,
                             struct slice key);

/* What the rest of Redis adds: more facts about the server and its keys, and a
 * close look at each value. */
struct rdb_load;
struct rdb_extension {
    /* Write more facts, and more opcodes before the type of a key. */
    void (*save_facts)(struct rdb_writer *w);
    void (*save)(struct rdb_writer *w, const struct entry *e);

    /* Reads what follows an opcode. Returns false without reading if it does
     * not know the opcode. */
    bool (*load)(struct rdb_reader *r, uint64_t opcode, struct rdb_load *load);

    /* Returns whether the bytes of a packed value are valid. */
    bool (*check_pack)(enum type type, struct slice bytes);

    /* Looks at a value before the database gets it. Returns it; or frees it and
     * returns NULL, as rdb_load_value does. */
    struct entry *(*check)(struct rdb_reader *r, struct entry *e);
};
extern const struct rdb_extension *rdb_extension; /* NULL: there is none */

/* Write a listpack, and read the bytes of a packed value. What is returned is a
 * copy that the caller owns, or NULL. */
void rdb_write_pack(struct rdb_writer *w, const uint8_t *pack);
void *rdb_read_pack(struct rdb_reader *r, enum type type);

/* Reads a count, and then calls `add` that many times, to read an element and
 * add it. Returns false as soon as one call does: if that gave no reason, the
 * element was there already. */
bool rdb_read_each(struct rdb_reader *r, void *to, rdb_add_fn *add);

/* Returns the entry. If it is not to be kept, frees it and returns NULL. */
struct entry *rdb_keep(struct entry *e, bool is_kept);

void rdb_save_stream(struct rdb_writer *w, const struct entry *e);
struct entry *rdb_load_stream(struct rdb_reader *r, struct slice key);

/* Read parts of a stream: a node, an ID; of a group: a pending entry, a
 * consumer. */
rdb_add_fn rdb_load_node, rdb_load_pending, rdb_load_consumer;
bool rdb_read_id(struct rdb_reader *r, struct stream_id *id);

#endif
