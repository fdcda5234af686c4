/* addresses: between which two ends a connection is. */
#ifndef MORE_NET_ADDRESSES_H
#define MORE_NET_ADDRESSES_H

#include "common/buffer.h"
#include "net/client.h"

/* Append "ip:port" of the other end, or of ours; a path for Unix sockets. */
void client_append_peer(const struct client *c, struct buffer *out);
void client_append_local(const struct client *c, struct buffer *out);

#endif
