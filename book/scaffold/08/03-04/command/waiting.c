/* What is kept for each client. */
struct waiting {
    struct waiter *waiter; /* NULL: it does not wait */
};

void wait_end(struct client *c)
{
    leave_queues(waiter_of(c));
    connection_queue_flush(c);
}

/* Called before a client is freed. */
static void forget(struct client *c)
{
    if (waiter_of(c))
        leave_queues(waiter_of(c));
}
