/* Notes how far a replica is. */
static void note_ack(struct replica *r, struct slice offset)
{
    if (r->state == REPLICA_NONE || !parse_int64(offset, &r->ack_offset))
        return;
    r->ack_ms = monotonic_ms();
}
