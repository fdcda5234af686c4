/* client: one connection, and how far its conversation is.
 *
 *   socket -> input -> reader -> argv -> (handler) -> output -> socket
 *
 * Bytes wait in two places: in `input` until a command is complete, in `output`
 * until the socket takes them. Knows nothing of what a command means. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/slice.h"
#include "net/output.h"
#include "net/resp.h"

struct command;
struct db;

enum client_flag {
    CLIENT_CLOSE_AFTER_REPLY = 1 << 0, /* read no more, send, close */
    CLIENT_OUTPUT_FULL = 1 << 1, /* until it has read its replies */
    CLIENT_BLOCKED = 1 << 2, /* waits for what another client does */
    CLIENT_STOPPED = 0xff, /* while one of these is set it executes nothing */
    CLIENT_FLUSH_QUEUED = 1 << 8, /* is in the list of this turn */
    CLIENT_MAY_IDLE = 1 << 9, /* is not closed for being silent */
    CLIENT_SUBSCRIBED = 1 << 10, /* gets messages */
    CLIENT_MULTI = 1 << 11, /* its commands are queued, not executed */
    CLIENT_DIRTY_EXEC = 1 << 12, /* one of them was refused */
    CLIENT_DIRTY_CAS = 1 << 13, /* a key that it watches has changed */
    CLIENT_DENY_BLOCKING = 1 << 14, /* it executes its queue: no waiting */
    CLIENT_FED = 1 << 15, /* a feed adds to its output */
};

struct client {
    uint64_t id; /* counts up, and is not used again when the client is freed */
    int fd;
    unsigned flags; /* enum client_flag; from 1 << 16 on they are others' */
    int protocol; /* 2 or 3: what HELLO agreed on */
    struct db *db; /* the database that SELECT chose */
    int64_t active_ms; /* when bytes last arrived from it or left to it */

    struct buffer input; /* what was read and is not executed yet */
    struct resp_reader reader; /* how far the input is parsed */
    struct output output; /* replies that are not sent yet */

    /* The command being executed. The arguments are slices into the input and
     * end with the command: a handler that keeps one copies it. */
    int argc;
    struct slice *argv;
    const struct command *command; /* set by dispatch; NULL if unknown */
    const char *error_prefix; /* what the next error begins with; or NULL */
    size_t queued_bytes; /* of arguments that are kept for later commands */

    struct client *previous; /* among all clients, oldest first */
    struct client *next;
    struct client *next_to_flush; /* while CLIENT_FLUSH_QUEUED is set */
};

typedef void client_fn(struct client *c);

/* Makes every client larger by `bytes`, zero at first. Returns where they
 * begin, counted from the client. Call it before the first client connects. */
size_t client_reserve(size_t bytes);

/* Takes over the socket, which must not block: client_free closes it. */
struct client *client_create(int fd, unsigned flags);

/* Closes the connection and frees all that belongs to it, at once, also in the
 * middle of a turn. Replies that are not sent yet are lost. A handler must not
 * free the client whose command it executes: set CLIENT_CLOSE_AFTER_REPLY. */
void client_free(struct client *c);

/* Call fn with each client that has just been created, or is about to be
 * freed. */
void client_on_create(client_fn *fn);
void client_on_free(client_fn *fn);

/* All clients, oldest first: client_first(), then c->next. Take `next` before
 * you call anything that may free the client. */
struct client *client_first(void);
int64_t client_count(void);

#endif
