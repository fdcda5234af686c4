/* listener: a socket that waits for connections. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

/* Listens on one address, a number or a name, or "*". Returns the socket,
 * or -1 with the reason in the log. */
int listen_tcp(const char *address, int port, int backlog);

#endif
