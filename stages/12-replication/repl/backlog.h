/* backlog: the stream of a primary, and how much of it is kept.
 *
 *   history   id 8371ab...                          one stream, one history
 *                 start              offset
 *                   v                   v
 *   bytes  . . . . [ block ] -> [ block ]           what is kept: the backlog
 *                     ^            ^   ^
 *                  replica      replica replica     each at its own place
 *
 * All effects form one stream of bytes, whatever the number of replicas, and an
 * offset counts them from the first on. A replica is a place in that stream, so
 * its bytes are kept once for all replicas, and for those that were cut off: a
 * replica that comes back with the history's ID and an offset that is still
 * kept goes on from there.
 *
 * A replica that is promoted begins a history of its own, which has the old one
 * up to that offset in common: id2. (replication.c in Redis.)
 *
 *   append, read    a copy of the bytes; a new block every 16 KB
 *   join            O(blocks)
 *
 * Knows no socket. */
#ifndef REPL_BACKLOG_H
#define REPL_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

enum { HISTORY_ID_LEN = 40 };

enum { STREAM_BLOCK_BYTES = 16 * 1024 };

struct stream_block {
    struct stream_block *next;
    int64_t start; /* bytes of the stream before it */
    int readers; /* that are in it: it must stay */
    size_t used;
    char bytes[STREAM_BLOCK_BYTES];
};

struct backlog {
    char id[HISTORY_ID_LEN + 1]; /* of the history */
    char id2[HISTORY_ID_LEN + 1]; /* of the one that it goes on from, or "" */
    int64_t id2_offset; /* the first offset that id2 does not have; or -1 */
    int64_t offset; /* bytes of the stream since its begin */
    bool is_copy; /* it is that of our primary: only the link appends */

    struct stream_block *first; /* NULL: no backlog is kept */
    struct stream_block *last;
    int64_t bytes; /* in blocks */
    int64_t size; /* a setting: bytes to keep for replicas that were cut off */
};
extern struct backlog backlog;

/* A place in the stream: of the next byte to read. */
struct stream_reader {
    struct stream_block *block; /* NULL: it is nowhere */
    int64_t offset; /* bytes of the stream before it */
};

/* Begins a history that is related to no other, under a new ID. */
void history_begin(void);

/* Goes on under a new ID; the one so far becomes id2. */
void history_fork(void);

/* Returns whether the history has that ID, or has it in common with this one up
 * to that offset. */
bool history_has(struct slice id, int64_t offset);

/* Adds a block. With the first one the backlog begins to be kept; from then on
 * there is always one, so that a reader at the end is in it. */
void backlog_extend(void);

/* Ends the backlog. No reader may be in it. */
void backlog_close(void);

/* Appends bytes to the stream. */
void backlog_append(const void *bytes, size_t len);

/* Frees what is over the size, as far as no reader needs it. */
void backlog_trim(void);

/* Puts a reader at that offset. Returns false if the bytes from there on are
 * not kept any more, or not yet there. The owner of a reader that leaves
 * decrements `readers` of its block. */
bool backlog_join(struct stream_reader *r, int64_t offset);

/* Returns bytes that the reader has before it, in one piece; none at the end.
 * */
struct slice backlog_read(struct stream_reader *r);

#endif
