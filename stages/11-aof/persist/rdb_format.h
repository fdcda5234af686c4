/* rdb_format: how each type and encoding of a value is written in a snapshot.
 *
 *    0  string      the string
 *   18  list        n nodes: 1 and an element, or 2 and a listpack
 *   11, 2  set      an intset; n members
 *   16, 4  hash     a listpack; n fields with their values
 *   17, 5  zset     a listpack; n members with a score of 8 bytes each
 *   19  stream      rdb_stream.c
 *
 * A value that is packed in memory is one string here: its bytes. The byte in
 * front of the key says which row of this table reads what follows it.
 *
 * Every length is compared with what is left of the file. What is inside a
 * packed value is believed: a file is not read at all if its checksum is
 * wrong. */
#ifndef PERSIST_RDB_FORMAT_H
#define PERSIST_RDB_FORMAT_H

#include "persist/rdb_reader.h"
#include "store/entry.h"
#include "store/stream_id.h"

enum { RDB_TYPES = 32 }; /* no row has this byte; it ends a table of rows */

typedef bool rdb_add_fn(struct rdb_reader *r, void *to);

struct rdb_format {
    uint8_t byte;
    enum type type;
    enum encoding encoding;

    /* NULL: no value is written in this way any more. */
    void (*save)(struct rdb_writer *w, const struct entry *e);

    /* Creates an entry that no dict has yet, and reads an element into it. If
     * both are NULL the value is packed, and its bytes are the value. */
    struct entry *(*create)(struct slice key);
    rdb_add_fn *add;

    /* Reads a value of another form. Returns NULL if the bytes are wrong. */
    struct entry *(*load)(struct rdb_reader *r, struct slice key);
};

/* Adds rows for reading. */
void rdb_formats_add(const struct rdb_format *rows);
extern const struct rdb_format rdb_formats[];

/* Returns the row by which an entry is written. */
const struct rdb_format *rdb_format_of(const struct entry *e);

/* Reads a value by the row of a byte, and returns its entry. Returns NULL if the
 * bytes are wrong, and without a reason if the value is to be skipped. */
struct entry *rdb_load_value(struct rdb_reader *r, uint64_t byte,
                             struct slice key);

/* What more can be known of a server and its keys, and how closely a value is
 * looked at. */
struct rdb_load;
struct rdb_extension {
    /* Write more facts about the server, and what comes before the type of a
     * key. */
    void (*save_facts)(struct rdb_writer *w);
    void (*save)(struct rdb_writer *w, const struct entry *e);

    /* Reads what follows an opcode. Returns false, and has read nothing, if it
     * leaves that to the lesson. */
    bool (*load)(struct rdb_reader *r, uint64_t opcode, struct rdb_load *load);

    /* Looks at the bytes of a packed value, before they are believed. */
    bool (*check_pack)(enum type type, struct slice bytes);

    /* Looks at a value that was read, before the database gets it. Returns it,
     * or frees it and returns NULL: with the reason, or without one if the
     * value is only to be skipped. */
    struct entry *(*check)(struct rdb_reader *r, struct entry *e);
};
extern const struct rdb_extension *rdb_extension; /* NULL: there is none */

/* Write a listpack, and read what is packed in a value of a type: a copy, or
 * NULL. */
void rdb_write_pack(struct rdb_writer *w, const uint8_t *pack);
void *rdb_read_pack(struct rdb_reader *r, enum type type);

/* Reads a number, then calls `add` as often, which reads something and adds it.
 * Returns false as soon as one call does; without another reason, because what
 * it read was there already. */
bool rdb_read_each(struct rdb_reader *r, void *to, rdb_add_fn *add);

/* Returns the entry, or frees it and returns NULL if it is not to be kept. */
struct entry *rdb_keep(struct entry *e, bool is_kept);

void rdb_save_stream(struct rdb_writer *w, const struct entry *e);
struct entry *rdb_load_stream(struct rdb_reader *r, struct slice key);

/* Parts of a stream: a node, an ID; of a group, an entry that is pending and a
 * consumer. */
rdb_add_fn rdb_load_node, rdb_load_pending, rdb_load_consumer;
bool rdb_read_id(struct rdb_reader *r, struct stream_id *id);

#endif
