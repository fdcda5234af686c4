static struct queue everyone; /* of waiters */

/* Takes a client out of the queue, and frees its waiter. */
static void leave_queues(struct waiter *waiter)
{
    queue_leave(&waiter->places[0]);
    waiting_of(waiter->client)->waiter = NULL;
    waiter->client->flags &= ~(unsigned)CLIENT_BLOCKED;
    zfree(waiter);
}

void wait_for_keys(struct client *c, const struct wait_args *args)
{
    struct waiter *waiter = waiter_create(c, args);
    queue_join(&everyone, &waiter->places[0], waiter);
    waiting_of(c)->waiter = waiter;
    c->flags |= CLIENT_BLOCKED;
}
