void transaction_discard(struct client *c)
{
    struct transaction *t = transaction_of(c);
    for (int i = 0; i < t->count; i++)
        zfree(t->queue[i].argv);
    zfree(t->queue);
    *t = (struct transaction){0};
    c->flags &= ~(unsigned)(CLIENT_MULTI | CLIENT_DIRTY_EXEC);
}
