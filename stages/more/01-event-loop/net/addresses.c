#include "more/01-event-loop/net/addresses.h"

#include "common/socket.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/listeners.h"

void client_append_peer(const struct client *c, struct buffer *out)
{
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(out, "%s:0", listener_settings.unix_socket);
    else
        socket_append_peer(c->fd, out);
}

void client_append_local(const struct client *c, struct buffer *out)
{
    if (c->flags & CLIENT_UNIX_SOCKET)
        buffer_printf(out, "%s:0", listener_settings.unix_socket);
    else
        socket_append_local(c->fd, out);
}
