/* All clients form a list, oldest first, which any of them can leave at once.
 *
 *   first -> [ client | reserved ... ] <-> [ client | reserved ... ] <- last
 *
 * A client is one allocation, zeroed. Its buffers hold nothing until bytes
 * arrive, so a connection that is silent costs little more than the struct.
 * What other files keep for each client follows it, in places that they reserve
 * at the start. create, free: O(1). */
#include "net/client.h"

#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "net/event_loop.h"

enum { DROP_READS_MAX = 64 }; /* 256 KB: a client may send without end */

static struct client *first;
static struct client *last;
static int64_t count;
static size_t client_bytes = sizeof(struct client); /* with what is reserved */
static struct hooks created, freed;

size_t client_reserve(size_t bytes)
{
    size_t at = client_bytes;
    /* What comes after it begins where any type may begin. */
    client_bytes +=
        (bytes + sizeof(int64_t) - 1) / sizeof(int64_t) * sizeof(int64_t);
    return at;
}

void client_on_create(client_fn *fn)
{
    hooks_add(&created, (hook_fn *)fn);
}

void client_on_free(client_fn *fn)
{
    hooks_add(&freed, (hook_fn *)fn);
}

struct client *client_create(int fd, unsigned flags)
{
    static uint64_t last_id;
    struct client *c = zcalloc(1, client_bytes);
    c->id = ++last_id;
    c->fd = fd;
    c->flags = flags;
    c->protocol = 2;
    c->active_ms = clock_ticked_ms();
    resp_init(&c->reader);
    c->previous = last;
    if (last)
        last->next = c;
    else
        first = c;
    last = c;
    count++;
    hooks_call(&created, client_fn, c);
    return c;
}

void client_free(struct client *c)
{
    /* Nothing may point to the client any more when its memory goes: not those
     * who asked to be told, not its neighbours in the list, not the loop. */
    hooks_call(&freed, client_fn, c);
    if (c->previous)
        c->previous->next = c->next;
    else
        first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    else
        last = c->previous;
    count--;
    event_watch(c->fd, 0, NULL, NULL);
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

struct client *client_first(void)
{
    return first;
}

int64_t client_count(void)
{
    return count;
}
