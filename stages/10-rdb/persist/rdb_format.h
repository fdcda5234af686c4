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

enum { RDB_TYPES = 32 }; /* no row has this byte, or a higher one */

struct rdb_format {
    uint8_t byte;
    enum type type;
    unsigned encodings; /* 1 << enum encoding, several of them; 0: none is
                           written in this way any more */
    void (*save)(struct rdb_writer *w, const struct entry *e);

    /* Reads a value, and returns an entry that no dict has yet. Returns NULL if
     * the bytes are wrong. */
    struct entry *(*load)(struct rdb_reader *r, struct slice key);
};

/* Adds rows, up to one without a function to load. */
void rdb_formats_add(const struct rdb_format *rows);
extern const struct rdb_format rdb_formats[];

/* Returns the row by which an entry is written, or which reads what follows the
 * byte; NULL if there is none. */
const struct rdb_format *rdb_format_of(const struct entry *e);
const struct rdb_format *rdb_format_at(uint64_t byte);

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
typedef bool rdb_add_fn(struct rdb_reader *r, void *to);
bool rdb_read_each(struct rdb_reader *r, void *to, rdb_add_fn *add);

/* Reads the elements of an entry that has none yet. Returns it, or frees it and
 * returns NULL. */
struct entry *rdb_load_each(struct rdb_reader *r, struct entry *e,
                            rdb_add_fn *add);

/* Returns the entry, or frees it and returns NULL if it is not to be kept. */
struct entry *rdb_keep(struct entry *e, bool is_kept);

void rdb_save_stream(struct rdb_writer *w, const struct entry *e);
struct entry *rdb_load_stream(struct rdb_reader *r, struct slice key);

/* The same; a stream that is not counted does not say what its first entry is,
 * nor how many were added, or read by a group. */
struct entry *rdb_read_stream(struct rdb_reader *r, struct slice key,
                              bool is_counted);

#endif
