/* Marks the clients that watch a key. */
static void mark(const struct db *db, struct slice key)
{
    const struct queue *q = (struct queue *)dict_find(&names, key);
    for (struct place *p = q ? q->first : NULL; p; p = p->next) {
        const struct watch *w = p->owner;
        if (w->db == db)
            w->client->flags |= CLIENT_DIRTY_CAS;
    }
}

/* Called with each change of a key. */
static void note_change(struct db *db, struct slice key, const char *event)
{
    (void)event;
    if (dict_count(&names) > 0 && key.ptr)
        mark(db, key);
}

void watch_open(void)
{
    watches_at = client_reserve(sizeof(struct watch *));
    keyspace_observe(note_change);
}
