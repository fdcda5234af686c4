/* listener: a socket that waits for connections. The kernel accepts up to
 * `backlog` of them by itself; they wait until the server takes them. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

/* Listens on one address: a number, a name, or "*" and "::*" for all of IPv4
 * and IPv6. Returns the socket, or -1 with the *reason; errno is 0 then when
 * there is no such name. */
int listen_tcp(const char *address, int port, int backlog, const char **reason);

#endif
