/* link: the connection to our primary. */
#ifndef REPL_LINK_H
#define REPL_LINK_H

#include <stdint.h>

#include "common/buffer.h"

enum link_state {
    LINK_NONE, /* there is no primary */
    LINK_CONNECT, /* to be tried again */
    LINK_CONNECTING,
    LINK_HANDSHAKE,
    LINK_TRANSFER /* a snapshot arrives */
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

    /* The snapshot. */
    int file; /* -1: it does not arrive */
    char file_name[64];
};
extern struct link link_up;

/* Follows that primary from now on; nobody if the host's ptr is NULL. */
void link_follow(struct slice host, int64_t port);

/* Is to be called once a second; `timeout_s` is for a primary that says
 * nothing. */
void link_cron(int64_t timeout_s);

#endif
