/* One buffer is enough while sending waits until the socket has taken all of
 * it: nothing is appended while bytes are half sent. */
#include "net/output.h"

#include <errno.h>
#include <unistd.h>

char *output_reserve(struct output *o, size_t len)
{
    return buffer_reserve(&o->bytes, len);
}

void output_commit(struct output *o, size_t len)
{
    o->bytes.len += len;
}

void output_append(struct output *o, const void *bytes, size_t len)
{
    buffer_append(&o->bytes, bytes, len);
}

/* Waits as long as the client does not read: nothing else is done meanwhile. */
enum output_status output_send(struct output *o, int fd)
{
    size_t sent = 0;
    while (sent < o->bytes.len) {
        /* A write may take fewer bytes than it was given. */
        ssize_t written = write(fd, o->bytes.data + sent, o->bytes.len - sent);
        if (written < 0 && errno != EINTR)
            return OUTPUT_FAILED;
        if (written > 0)
            sent += (size_t)written;
    }
    output_free(o);
    return OUTPUT_DONE;
}

void output_free(struct output *o)
{
    buffer_free(&o->bytes);
}
