void primary_open(void)
{
    replica_at = client_reserve(sizeof(struct replica));
    client_on_free(forget);
    connection_feed_by(feed);
    snapshot_on_end(note_saved);
}
