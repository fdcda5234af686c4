/* client: one connection, and how far its conversation is.
 *
 *   socket -> input -> reader -> argv -> (handler) -> output -> socket
 *
 * Nothing here knows what a command means. */
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
    uint64_t id; /* never used again, also after the client has gone */
    int fd;
    unsigned flags; /* enum client_flag */
    int protocol; /* 2 or 3: what HELLO agreed on */

    struct buffer input;
    struct resp_reader reader;
    struct output output;

    /* The command being executed. The arguments are slices into the input:
     * whoever keeps one beyond the command copies it. */
    int argc;
    struct slice *argv;
    const struct command *command;
};

/* Takes over the socket. */
struct client *client_create(int fd);

/* Closes the connection and frees all that belongs to it. */
void client_free(struct client *c);

#endif
