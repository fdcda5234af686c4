/* output: bytes on their way to one client.
 *
 *   [ +OK.. | $5.. | hello.. |      ]
 *     sent    ^ to be sent     ^ the next reply
 *
 * Replies are appended and sent together, with one system call for many. To
 * append costs O(bytes). Knows nothing of what the bytes mean. */
#ifndef NET_OUTPUT_H
#define NET_OUTPUT_H

#include <stddef.h>

#include "common/buffer.h"

struct output {
    struct buffer bytes;
};

enum output_status {
    OUTPUT_DONE, /* nothing is pending any more */
    OUTPUT_FAILED /* the connection is gone */
};

/* Returns space for `len` bytes in one piece at the end. They count once
 * output_commit says how many of them were written. */
char *output_reserve(struct output *o, size_t len);
void output_commit(struct output *o, size_t len);

/* Copies the bytes. */
void output_append(struct output *o, const void *bytes, size_t len);

/* Sends all of it, in order. */
enum output_status output_send(struct output *o, int fd);

/* Drops what is pending and frees its memory. */
void output_free(struct output *o);

#endif
