/* link: the connection to our primary.
 *
 *   CONNECT -> CONNECTING -> HANDSHAKE -> TRANSFER -> CONNECTED
 *      ^                         |  PSYNC     ^  load     |
 *      |                         +------------|---------->|
 *      +------- a second later, from every state ---------+
 *
 *   -> PING                              <- +PONG
 *   -> REPLCONF listening-port 6380      <- +OK
 *   -> REPLCONF capa psync2              <- +OK
 *   -> PSYNC <id> <offset + 1>           <- +FULLRESYNC <id> <offset>
 *                                           $<length> and a snapshot
 *                                        <- or: +CONTINUE <id>
 *                                           the stream
 *   -> REPLCONF ACK <offset>             each second
 *
 * Bytes arrive in pieces of any size: a line may come in two, and a snapshot
 * with the first commands after it. The stream is executed by a client that
 * gets no replies, and is passed on, byte by byte, to the backlog: so the
 * history and offsets of this server are those of the primary, and others can
 * follow this one.
 *
 * The offset moves when a command is done, and for a transaction at its end: a
 * link that was cut in between begins again there. */
#ifndef REPL_LINK_H
#define REPL_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "repl/backlog.h"

enum link_state {
    LINK_NONE, /* there is no primary */
    LINK_CONNECT, /* to be tried again */
    LINK_CONNECTING,
    LINK_HANDSHAKE,
    LINK_TRANSFER, /* a snapshot arrives */
    LINK_CONNECTED /* the stream arrives */
};

struct link {
    char *host; /* of the primary; NULL: this server follows nobody */
    int64_t port;
    enum link_state state;
    int64_t active_ms; /* when bytes last came, on the monotonic clock */
    int fd; /* from LINK_CONNECTING on; else -1 */
    int step; /* of the handshake */
    int replies; /* that it waits for */
    struct buffer in; /* what has come and is not used yet */
    struct client *client; /* executes the stream; NULL if not CONNECTED */
    struct buffer begun; /* of the stream: commands of an open MULTI */

    bool has_history; /* the data is where the backlog's ID and offset say */

    /* The snapshot. */
    int file; /* -1: it does not arrive */
    char file_name[64];
    int64_t file_left; /* bytes to come */
    char id[HISTORY_ID_LEN + 1]; /* where the stream goes on after it */
    int64_t offset;

    int64_t announced_port; /* told to the primary; 0: the one we listen on */
};
extern struct link link_up;

/* Appends requests by which we introduce ourselves, besides those of the
 * lesson, and returns how many. NULL: there are none. */
extern int (*link_introduce)(struct buffer *out);

/* For a snapshot whose length the primary does not know before. With what
 * stands after the '$', returns whether that is the mark of its end, and sets
 * file_left. With an empty slice, returns whether the file has ended. NULL: not
 * taken. */
extern bool (*link_mark)(struct slice mark);

/* Follows that primary from now on; nobody if the host's ptr is NULL. */
void link_follow(struct slice host, int64_t port);

/* Tells the primary how far we are. */
void link_send_ack(void);

/* Is to be called once a second; `timeout_s` is for a primary that says
 * nothing. */
void link_cron(int64_t timeout_s);

/* Call it before the first client connects. */
void link_open(void);

#endif
