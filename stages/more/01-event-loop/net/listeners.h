/* listeners: adds several addresses, a Unix socket and protected mode. */
#ifndef MORE_NET_LISTENERS_H
#define MORE_NET_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"

struct listener_settings {
    char *unix_socket; /* a path, or "" */
    int64_t unix_socket_mode; /* 0: as the umask says */
    bool protected_mode;
};
extern struct listener_settings listener_settings;
extern const struct config_row more_listener_config[];

/* Listens on each address of `bind` and on the Unix socket. Returns false if
 * one could not be opened or none is left, with the reason in the log. An
 * address that begins with '-' may be missing on this machine. */
bool listen_everywhere(void);

/* Returns the error line with which protected mode refuses a connection from
 * outside of this machine, or NULL if it may stay. */
const char *protected_mode_refuses(int fd, unsigned client_flags);

/* Protected mode refuses no connection while fn returns true. */
void protected_mode_unless(bool (*fn)(void));

#endif
