void primary_open(void)
{
    replica_at = client_reserve(sizeof(struct replica));
    client_on_free(forget);
    connection_feed_by(feed);
    propagate_to(primary_append_effect);
    snapshot_on_end(note_saved);
    event_each_turn(ask_acks);
}
