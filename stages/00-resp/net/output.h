/* output: bytes on their way to one client.
 *
 *   [ +OK.. | $5.. | hello.. |      ]
 *     sent    ^ to be sent     ^ the next reply
 *
 * Knows nothing of what the bytes mean. */
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

/* Room for `len` bytes in one piece at the end; output_commit says how many
 * of them were written. */
char *output_reserve(struct output *o, size_t len);
void output_commit(struct output *o, size_t len);

void output_append(struct output *o, const void *bytes, size_t len);

/* Sends all of it, in order. */
enum output_status output_send(struct output *o, int fd);

void output_free(struct output *o);

#endif
