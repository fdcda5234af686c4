/* Is called before a replica's output is sent. What it still has goes first. */
static bool feed(struct client *c)
{
    struct replica *r = replica_of(c);
    if (r->state != REPLICA_RECEIVES || c->output.pending > 0)
        return r->state == REPLICA_RECEIVES;
    return feed_file(r);
}
