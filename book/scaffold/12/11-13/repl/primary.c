/* Called before a client is freed. */
static void forget(struct client *c)
{
    struct replica *r = replica_of(c), **link = &primary.replicas;
    while (*link && *link != r)
        link = &(*link)->next;
    if (*link)
        *link = r->next;
    if (r->state == REPLICA_RECEIVES)
        file_unmap(r->file);
    zfree(r->ip);
}

/* Names the history and the place in it from which a replica gets the stream. */
static void begin_sync(struct replica *r, int64_t offset)
{
    struct buffer line = {0};
    r->state = REPLICA_SAVING;
    if (r->is_old)
        return;
    buffer_printf(&line, "FULLRESYNC %s %lld", backlog.id, (long long)offset);
    reply_line(r->client, '+', buffer_slice(&line));
    connection_queue_flush(r->client);
    buffer_free(&line);
}
