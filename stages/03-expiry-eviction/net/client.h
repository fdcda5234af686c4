/* client: one connection, and how far its conversation is.
 *
 *   socket -> input -> reader -> argv -> (handler) -> output -> socket
 *
 * Nothing here waits: a read takes what has arrived, a send gives what the
 * socket takes, and what is left stays in the two buffers until the event loop
 * says that there is more to do. A client that is idle holds no buffer.
 *
 * Whoever executes commands is given by the server; nothing here knows what a
 * command means. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/slice.h"
#include "net/output.h"
#include "net/resp.h"
#include "net/settings.h"

struct command;
struct db;
struct user;

enum client_flag {
    CLIENT_CLOSE_AFTER_REPLY = 1 << 0, /* read no more, send, close */
    CLIENT_UNIX_SOCKET = 1 << 1,
    CLIENT_FLUSH_QUEUED = 1 << 2, /* stands in the list of this turn */
    CLIENT_OUTPUT_FULL = 1 << 3, /* executes nothing until it has read */
    CLIENT_POSTPONED = 1 << 4, /* its command waits until it may run */
    CLIENT_REPLY_OFF = 1 << 5,
    CLIENT_REPLY_SKIP_NEXT = 1 << 6, /* the next command is not answered */
    CLIENT_REPLY_SKIP = 1 << 7, /* this one is that command */
    CLIENT_NO_EVICT = 1 << 8,
    CLIENT_AUTHENTICATED = 1 << 9, /* it need not say who it is */
    CLIENT_MONITOR = 1 << 10, /* it is shown what others do */
};

struct client {
    uint64_t id; /* never used again, also after the client has gone */
    int fd;
    unsigned flags; /* enum client_flag */
    int protocol; /* 2 or 3: what HELLO agreed on */
    char *name; /* NULL or what the client called itself; owned */
    int64_t created_ms;
    int64_t active_ms; /* when it last sent something */

    struct buffer input;
    struct resp_reader reader;
    struct output output;
    int64_t over_limit_since_ms; /* the soft output limit; 0: not over */

    /* The command being executed. The arguments are slices into the input:
     * whoever keeps one beyond the command copies it. */
    int argc;
    struct slice *argv;
    const struct command *command;
    struct db *db; /* the database that SELECT chose */
    struct user *user; /* whose permissions it has */

    struct client *previous; /* among all clients, oldest first */
    struct client *next;
    struct client *next_to_flush;
};

/* Executes the command in c->argv. Set it before the first client comes. */
typedef void execute_fn(struct client *c);
void client_set_execute(execute_fn *fn);

/* Calls fn with the keys that the next commands seem to ask for. */
typedef void lookahead_fn(struct client *c, const struct slice *keys,
                          size_t key_count);
void client_on_lookahead(lookahead_fn *fn);

/* Takes over the socket, which must not block, and begins to read from it. */
struct client *client_create(int fd, unsigned flags);

/* Closes the connection and frees all that belongs to it. */
void client_free(struct client *c);

/* Calls fn with each client that has just been created. */
void client_on_create(void (*fn)(struct client *c));

/* Calls fn with each client that is about to be freed. */
void client_on_free(void (*fn)(struct client *c));

/* All clients, oldest first: client_first(), then c->next. */
struct client *client_first(void);
int64_t client_count(void);
struct client *client_by_id(uint64_t id); /* or NULL */

/* Sends what is pending at the end of the turn. Call it after writing to a
 * client other than the one whose command is being executed. */
void client_queue_flush(struct client *c);

/* Sends to all that were queued. Frees those whose connection is over. */
void client_flush_queued(void);

/* Leaves the command being executed undone; client_resume begins it again. */
void client_postpone(struct client *c);
void client_resume(struct client *c);

/* Closes a client for which more is waiting than may wait; true if it did. */
bool client_close_if_over_limit(struct client *c);

/* Ends the connection without a word: what was said and not sent is lost. */
void client_abort(struct client *c);

/* Copies the name, or takes it away when it is empty. */
void client_set_name(struct client *c, struct slice name);

/* Bytes of memory that the client takes with its buffers. */
size_t client_memory(const struct client *c);

/* Which of the output limits holds for it. */
enum client_class client_class(const struct client *c);

/* Appends "ip:port" of the other end, or of ours; a path for Unix sockets. */
void client_append_peer(const struct client *c, struct buffer *out);
void client_append_local(const struct client *c, struct buffer *out);

#endif
