/* listener: sockets that wait for connections, and what is set on those that
 * come. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdbool.h>
#include <stdint.h>

struct listener {
    int fd;
    bool is_unix;
};

/* Listens on each address of the settings and on the Unix socket. Returns how
 * many listeners there are; 0 when one could not be opened, with the reason in
 * the log. An address that begins with '-' may be missing on this machine. */
int listen_everywhere(struct listener *out, int max);

/* Closes it; a Unix socket's file is removed. */
void listener_close(struct listener *l);

/* Makes it one that never blocks and that no child inherits. */
void descriptor_prepare(int fd);

/* Makes an accepted socket one that never blocks and sends at once. */
void socket_prepare(int fd, bool is_unix, int64_t keepalive_s);

/* Whether the other end is on this machine. */
bool socket_is_loopback(int fd);

#endif
