/* Notes how far a replica is. It never goes back. */
static void note_ack(struct replica *r, struct slice arg)
{
    int64_t offset;
    if (r->state == REPLICA_NONE || !parse_int64(arg, &offset))
        return;
    if (offset > r->ack_offset)
        r->ack_offset = offset;
    r->ack_ms = monotonic_ms();
}
