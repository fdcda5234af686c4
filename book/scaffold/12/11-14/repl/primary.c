/* Begins to save for all that wait for it, if no other child is at work. */
static void begin_saving(void)
{
    struct replica *r = primary.replicas;
    while (r && r->state != REPLICA_WAITS)
        r = r->next;
    if (!r || snapshot.child || snapshot.has_to_wait || !snapshot_begin())
        return;
    for (; r; r = r->next) {
        if (r->state == REPLICA_WAITS)
            begin_sync(r, backlog.offset);
    }
}
