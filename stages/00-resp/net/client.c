/* A client is one allocation, zeroed. Its buffers hold nothing until bytes
 * arrive, so a connection that is silent costs little more than the struct. */
#include "net/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include "common/zmalloc.h"

enum { DROP_READS_MAX = 64 }; /* 256 KB: a client may send without end */

struct client *client_create(int fd)
{
    static uint64_t last_id;
    struct client *c = zcalloc(1, sizeof *c);
    c->id = ++last_id;
    c->fd = fd;
    c->protocol = 2;
    resp_init(&c->reader);
    return c;
}

void client_free(struct client *c)
{
    /* When bytes are left unread, close() resets the connection, and the last
     * reply is lost if the client has not read it yet. */
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY) {
        char unread[4096];
        int reads = 0;
        while (reads++ < DROP_READS_MAX &&
               recv(c->fd, unread, sizeof unread, MSG_DONTWAIT) > 0)
            continue;
    }
    close(c->fd);
    buffer_free(&c->input);
    resp_free(&c->reader);
    output_free(&c->output);
    zfree(c);
}
