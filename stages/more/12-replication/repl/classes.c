/* classes: lets CLIENT tell links from clients, and limits what waits for a
 * replica.
 *
 * A replica has little output: what it is behind waits in the backlog, once for
 * all replicas, but counts for each against the limit of its class. That a
 * replica may always be as far behind as the backlog is long costs nothing. */
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/net/extension.h"
#include "more/01-event-loop/net/output_limits.h"
#include "more/12-replication/repl/families.h"
#include "net/client.h"
#include "repl/link.h"
#include "repl/primary.h"

static enum client_class class_of(const struct client *c)
{
    if (c->flags & CLIENT_PRIMARY)
        return CLASS_PRIMARY;
    if (replica_of(c)->state != REPLICA_NONE)
        return CLASS_REPLICA;
    return c->flags & CLIENT_SUBSCRIBED ? CLASS_PUBSUB : CLASS_NORMAL;
}

/* Bytes of the stream that a replica has not been sent. */
static size_t count_lag(const struct client *c, uint64_t *hard_bytes)
{
    const struct replica *r = replica_of(c);
    if (*hard_bytes && *hard_bytes < (uint64_t)backlog.size)
        *hard_bytes = (uint64_t)backlog.size;
    return r->reader.block ? (size_t)(backlog.offset - r->reader.offset) : 0;
}

/* Called for each new client. */
static void note_link(struct client *c)
{
    if (c->fd == link_up.fd)
        c->flags |= CLIENT_PRIMARY;
}

void classes_open(void)
{
    client_class_set(class_of);
    client_letter_add("M", CLIENT_PRIMARY);
    client_letter_add("S", CLIENT_FED);
    client_on_create(note_link);
    output_limits_of_replicas(count_lag);
    primary.lag_max_bytes = INT64_MAX;
}
