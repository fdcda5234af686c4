/* addresses: writes the two addresses of a connection, also of a Unix
 * socket. */
#ifndef MORE_NET_ADDRESSES_H
#define MORE_NET_ADDRESSES_H

#include "common/buffer.h"
#include "net/client.h"

/* Append "ip:port" of the client's end, or of the server's; "path:0" for a Unix
 * socket. */
void client_append_peer(const struct client *c, struct buffer *out);
void client_append_local(const struct client *c, struct buffer *out);

#endif
