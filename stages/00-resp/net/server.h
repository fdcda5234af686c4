/* server: serves connections, one after the other.
 *
 * Every call waits until it is done: accept for the next client, read for its
 * next bytes, write for space to send. While one client is served the others
 * wait in the queue of the listening socket, already connected. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

struct client;

/* Executes the command in c->argv. */
typedef void execute_fn(struct client *c);

/* Serves clients until SIGTERM or SIGINT, then closes the socket. */
void server_run(int listening, execute_fn *execute);

#endif
