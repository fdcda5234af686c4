#include "more/02-keyspace/command/access.h"

#include "common/socket.h"
#include "more/01-event-loop/net/extension.h"
#include "net/client.h"

const struct choice access_choices[] = {
    {"no", ACCESS_NO},
    {"yes", ACCESS_YES},
    {"local", ACCESS_LOCAL},
    {NULL, 0},
};

bool access_is_granted(enum access access, const struct client *c)
{
    return access == ACCESS_YES ||
           (access == ACCESS_LOCAL &&
            (c->flags & CLIENT_UNIX_SOCKET || socket_is_loopback(c->fd)));
}
