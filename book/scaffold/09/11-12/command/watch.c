/* Called with each change: marks the clients that watch the key. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    (void)event;
    if (dict_count(&names) == 0 || !key.ptr)
        return;
    const struct queue *q = (struct queue *)dict_find(&names, key);
    for (struct place *p = q ? q->first : NULL; p; p = p->next) {
        const struct watch *w = p->owner;
        if (w->db == db)
            w->client->flags |= CLIENT_DIRTY_CAS;
    }
}

void watch_open(void)
{
    watches_at = client_reserve(sizeof(struct watch *));
    client_on_free(unwatch_all);
    keyspace_observe(note_change);
}
