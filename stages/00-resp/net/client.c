#include "net/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include "common/zmalloc.h"

enum { DROP_READS_MAX = 64 };

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

/* What has arrived and will not be read would make close() reset the
 * connection, and the last reply might be lost with it. */
static void drop_unread(int fd)
{
    char bytes[4096];
    for (int i = 0; i < DROP_READS_MAX; i++) {
        if (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) <= 0)
            return;
    }
}

void client_free(struct client *c)
{
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        drop_unread(c->fd);
    close(c->fd);
    buffer_free(&c->input);
    resp_free(&c->reader);
    output_free(&c->output);
    zfree(c);
}
