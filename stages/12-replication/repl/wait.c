/* wait: WAIT, for clients that want a write to be in more places than one.
 *
 *   client    SET ...  WAIT 2 1000
 *   stream    SET ...                REPLCONF GETACK *
 *                  ^ the client's offset
 *   replica A ------------------->  ACK          reached
 *   replica B ------------->                     not yet
 *
 * A replica says once a second how far it is; GETACK asks at once. That it has
 * a write in memory is all that an ACK means. */
#include "command/args.h"
#include "command/waiting.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"
#include "repl/link.h"
#include "repl/primary.h"
#include "repl/replication.h"

static void reply_reached(struct client *c)
{
    reply_integer(c, primary_count_acks(replica_of(c)->awaited));
}

void wait_serve(void)
{
    for (struct client *c = client_first(); c; c = c->next) {
        const struct waiter *waiter = waiter_of(c);
        const struct replica *r = replica_of(c);
        if (waiter && waiter->args.give_up == reply_reached &&
            primary_count_acks(r->awaited) >= r->wanted) {
            reply_reached(c);
            wait_end(c);
        }
    }
}

/* WAIT replicas timeout: replies how many replicas have what this client has
 * written; with a timeout of 0 it waits forever. */
void wait_command(struct client *c)
{
    struct replica *r = replica_of(c);
    struct wait_args args = {.type = TYPE_STRING, .give_up = reply_reached};
    if (link_up.host) {
        reply_error(c, "ERR WAIT cannot be used with replica instances. Please "
                       "also note that since Redis "
                       "4.0 if a replica is configured to be writable (which "
                       "is not the default) writes to replicas are just local "
                       "and are not propagated.");
        return;
    }
    if (!integer_or_reply(c, c->argv[1], &r->wanted))
        return;
    bool is_number = parse_int64(c->argv[2], &args.timeout_ms);
    if (!is_number || args.timeout_ms < 0) {
        reply_error(c, is_number
                           ? "ERR timeout is negative"
                           : "ERR timeout is not an integer or out of range");
        return;
    }
    r->awaited = r->written;
    if (primary_count_acks(r->awaited) >= r->wanted ||
        c->flags & CLIENT_DENY_BLOCKING) {
        reply_reached(c);
        return;
    }
    wait_for_keys(c, &args); /* for none: an ACK or the time ends it */
    primary.wants_acks = true;
}
