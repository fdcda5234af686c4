/* client: one connection, and how far its conversation is.
 *
 *   socket -> input -> reader -> argv -> (handler) -> output -> socket
 *
 * Bytes wait in two places: in `input` until a command is complete, in `output`
 * until the socket takes them. Knows nothing of what a command means. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <stdint.h>

#include "common/buffer.h"
#include "common/slice.h"
#include "net/output.h"
#include "net/resp.h"

struct command;

enum client_flag {
    CLIENT_CLOSE_AFTER_REPLY = 1 << 0, /* read no more, send, close */
};

struct client {
    uint64_t id; /* counts up, and is not used again when the client is freed */
    int fd;
    unsigned flags; /* enum client_flag */
    int protocol; /* 2 or 3: what HELLO agreed on */

    struct buffer input; /* what was read and is not executed yet */
    struct resp_reader reader; /* how far the input is parsed */
    struct output output; /* replies that are not sent yet */

    /* The command being executed. The arguments are slices into the input and
     * end with the command: a handler that keeps one copies it. */
    int argc;
    struct slice *argv;
    const struct command *command; /* set by dispatch; NULL if unknown */
};

/* Takes over the socket: client_free closes it. */
struct client *client_create(int fd);

/* Closes the connection and frees all that belongs to it. Replies that are not
 * sent yet are lost. */
void client_free(struct client *c);

#endif
