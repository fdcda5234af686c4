/* socket: what is asked of sockets beside reading and writing: whom they lead
 * to, and when the system should find out that the other end has gone. */
#ifndef COMMON_SOCKET_H
#define COMMON_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

/* Append the address of the other end or of this end as "127.0.0.1:4711" or
 * "[::1]:4711", and "?:0" when the connection has ended. */
void socket_append_peer(int fd, struct buffer *out);
void socket_append_local(int fd, struct buffer *out);

/* Returns the address of the other end alone, "127.0.0.1" or "::1"; the caller
 * frees it with zfree. */
char *socket_peer_ip(int fd);

/* Begins to connect to the first address of a name that does not refuse at
 * once. To look up a name may take seconds; the connection itself is not waited
 * for. Returns the socket, which does not block, or -1. */
int socket_connect(const char *host, int64_t port);

/* Whether the other end is on this machine. */
bool socket_is_loopback(int fd);

/* Lets the system probe a silent connection after `idle_s` seconds. */
void socket_set_keepalive(int fd, int64_t idle_s);

#endif
