/* connection: what goes over a client's socket, in both directions.
 *
 * Nothing here waits: a read takes what has arrived, a write gives what the
 * socket takes, and what is left stays in the client's two buffers until the
 * event loop says that there is more to do. Knows no command: it calls one
 * function to execute them all.
 *
 * Two limits of the settings close a connection: input that waits to be parsed,
 * and output that waits to be sent. */
#ifndef NET_CONNECTION_H
#define NET_CONNECTION_H

#include <stddef.h>

#include "net/client.h"

/* fn executes the command in c->argv. Call it before the first client
 * connects. */
void connection_set_execute(client_fn *fn);

/* Makes a client of the socket, which must not block, and begins to read. */
void connection_open(int fd, unsigned flags);

/* Calls fn with each client whose command has just been executed or refused. */
void connection_on_executed(client_fn *fn);

/* Calls fn with all that happens on connections, so that it can be counted:
 * net/ keeps no figures itself. The bytes are 0 where there are none. */
enum traffic {
    TRAFFIC_ACCEPTED,
    TRAFFIC_REJECTED, /* and closed again */
    TRAFFIC_READ, /* a call to read */
    TRAFFIC_WRITTEN /* a reply, or a part of it, was sent */
};
typedef void traffic_fn(enum traffic what, size_t bytes);
void traffic_observe(traffic_fn *fn);
void traffic_report(enum traffic what, size_t bytes);

/* Calls fn before commands are read from the input. It returns a position in
 * the input up to which it need not be called again. */
typedef size_t client_input_fn(struct client *c);
void connection_on_input(client_input_fn *fn);

/* Calls fn before replies are sent to a client: what they promise must be done
 * by then. */
void connection_before_send(void (*fn)(void));

/* Clears flags of CLIENT_STOPPED and executes what has arrived meanwhile. */
void connection_resume(struct client *c, unsigned flags);

/* Sends what is pending at the end of the turn. Call it after writing to a
 * client other than the one whose command is being executed. */
void connection_queue_flush(struct client *c);

/* Sends to all that were queued. Frees clients whose connection is over. */
void connection_flush_queued(void);

#endif
