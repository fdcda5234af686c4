/* output: bytes on their way to one client.
 *
 *   head -> [ +OK $5 hello ... ] -> [ large value ] -> [ :3 ..... ] <- tail
 *            ^ sent so far                                   ^ next reply
 *
 * Replies are appended to a chain of blocks; one writev gathers them. A block
 * never moves, so a long reply is copied once, whatever its length. Knows
 * nothing of what the bytes mean. */
#ifndef NET_OUTPUT_H
#define NET_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output_block {
    struct output_block *next;
    size_t used;
    size_t capacity;
    char bytes[];
};

struct output {
    struct output_block *head; /* NULL when nothing is pending */
    struct output_block *tail;
    size_t sent; /* bytes of head that are gone already */
    size_t pending; /* bytes that are still to be sent */
    bool muted; /* what is appended goes nowhere */
};

enum output_status {
    OUTPUT_DONE, /* nothing is pending any more */
    OUTPUT_BLOCKED, /* the socket takes no more for now */
    OUTPUT_FAILED /* the connection is gone */
};

/* Room for `len` bytes in one piece at the end; output_commit says how many
 * of them were written. */
char *output_reserve(struct output *o, size_t len);
void output_commit(struct output *o, size_t len);

void output_append(struct output *o, const void *bytes, size_t len);

/* Leaves a place free, for at most OUTPUT_DEFERRED_MAX bytes that are known only
 * after those that follow them. NULL while the output is muted. */
enum { OUTPUT_DEFERRED_MAX = 64 };
struct output_block *output_defer(struct output *o);

/* Lets what is appended next go into that block; NULL changes nothing. Returns
 * the block into which it would have gone, to go back there. */
struct output_block *output_append_to(struct output *o,
                                      struct output_block *block);

/* Sends as much as the socket takes, in order. */
enum output_status output_send(struct output *o, int fd);

void output_free(struct output *o);

#endif
