/* output: bytes on their way to one client.
 *
 *   head -> [ +OK $5 hello ... ] -> [ large value ] -> [ :3 ..... ] <- tail
 *            ^ sent so far                                   ^ next reply
 *
 * Replies are appended to a chain of blocks; one writev gathers them. A block
 * never moves, so a long reply is copied once, whatever its length.
 *
 * A limit bounds the memory even while a single reply is written: the output
 * checks it after each append and drops what follows. Knows nothing of what the
 * bytes mean; to close the connection is its owner's duty. */
#ifndef NET_OUTPUT_H
#define NET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_FREE_BYTES = 16 * 1024 }; /* do not count against a limit */

struct output_block {
    struct output_block *next;
    size_t used;
    size_t capacity;
    char bytes[];
};

struct output {
    struct output_block *head; /* NULL when nothing is pending */
    struct output_block *tail; /* takes what is appended */
    size_t sent; /* bytes of head that have left already */
    size_t pending; /* bytes that are still to be sent */
    const int64_t *limit; /* a setting in bytes; NULL or 0: no limit */
    bool over_limit; /* set once, by the append that went past the limit */
    bool muted; /* what is appended is dropped */
};

enum output_status {
    OUTPUT_DONE, /* nothing is pending any more */
    OUTPUT_BLOCKED, /* the socket takes no more for now */
    OUTPUT_FAILED /* the connection is gone */
};

/* Returns space for `len` bytes in one piece at the end. They count once
 * output_commit says how many of them were written. */
char *output_reserve(struct output *o, size_t len);
void output_commit(struct output *o, size_t len);

/* Copies the bytes. */
void output_append(struct output *o, const void *bytes, size_t len);

/* Leaves a place free, for at most OUTPUT_DEFERRED_MAX bytes that are known
 * only after those that follow them. NULL while what is appended is dropped. */
enum { OUTPUT_DEFERRED_MAX = 64 };
struct output_block *output_defer(struct output *o);

/* Lets what is appended next go into that block; NULL changes nothing. Returns
 * the block into which it would have gone, to go back there. */
struct output_block *output_append_to(struct output *o,
                                      struct output_block *block);

/* Returns how many pending bytes count against a limit: none of the first 16
 * KB, as in Redis, so that any client can be sent an error. */
size_t output_counted(const struct output *o);

/* Sends as much as the socket takes, in order. */
enum output_status output_send(struct output *o, int fd);

/* Drops what is pending and frees its memory. */
void output_free(struct output *o);

#endif
