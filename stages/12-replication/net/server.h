/* server: listens, accepts connections, and looks after them.
 *
 * One process, one thread: accepting, reading, executing and sending take
 * turns in the event loop. To start it: server_open, then server_run. Knows no
 * command. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "net/client.h"

/* Opens the event loop and listens where the settings say. Returns false when
 * it cannot; the reason is in the log. */
bool server_open(void);

/* Adds a socket that listens. Its clients begin with these flags. */
void server_add_listener(int fd, unsigned client_flags);

/* Closes all of them, and the connections that wait there. What is added after
 * it is watched from the next turn on. */
void server_close_listeners(void);

/* Calls fn to open and add all listeners instead of the one of the settings.
 * It returns false when it cannot, with the reason in the log. */
void server_listen_with(bool (*fn)(void));

/* Calls fn with each new connection. It returns NULL, or the line with which
 * the connection is refused. */
typedef const char *accept_fn(int fd, unsigned client_flags);
void server_check_connection(accept_fn *fn);

/* Calls fn after SIGTERM or SIGINT. The server goes on if it returns false. */
void server_on_stop(bool (*fn)(void));

/* Forks a child. It has the memory of the server but none of its sockets: a
 * connection that the parent closes is really closed, and the port is free when
 * the parent ends. SIGTERM and SIGINT end the child. */
pid_t server_fork(void);

/* Serves clients until event_loop_stop, SIGTERM or SIGINT, then closes all. */
void server_run(client_fn *execute);

#endif
