#include "net/client.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"
#include "common/zmalloc.h"
#include "net/reply.h"

enum {
    DROP_READS_MAX = 64,
    READ_BYTES = 64 * 1024, /* taken from the socket at once */
    READ_MORE_BYTES = 1024 * 1024, /* when a long argument is under way */
    INPUT_MAX_BYTES = 1024 * 1024 * 1024 /* then the client is too much */
};

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

/* How much room the next read gets. A long argument gets more, but never all
 * that its sender announced: memory follows the bytes that came. */
static size_t read_size(const struct client *c)
{
    size_t missing = resp_missing(&c->reader, &c->input);
    if (missing > READ_MORE_BYTES)
        return READ_MORE_BYTES;
    return missing > READ_BYTES ? missing : READ_BYTES;
}

bool client_read(struct client *c)
{
    size_t size = read_size(c);
    char *room = buffer_reserve(&c->input, size);
    ssize_t got = read(c->fd, room, size);
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return false;
    c->input.len += (size_t)got;
    if (c->input.len > INPUT_MAX_BYTES) {
        log_write(LOG_WARNING,
                  "Closing client that reached max query "
                  "buffer length: id=%llu",
                  (unsigned long long)c->id);
        return false;
    }
    return true;
}

void client_process(struct client *c, execute_fn *execute)
{
    while (!(c->flags & CLIENT_CLOSE_AFTER_REPLY)) {
        enum resp_status status = resp_read(&c->reader, &c->input);
        if (status == RESP_INCOMPLETE)
            break;
        if (status == RESP_MALFORMED) {
            reply_errorf(c, "ERR Protocol error: %s", c->reader.error);
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
            break;
        }
        c->argc = c->reader.argc;
        c->argv = c->reader.argv;
        execute(c);
    }
    resp_discard_read(&c->reader, &c->input);
    /* A client that is idle holds no memory. */
    if (c->input.len == 0 && resp_is_between(&c->reader)) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
}
