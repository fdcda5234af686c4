/* WAIT replicas timeout: replies how many replicas have what this client has
 * written. */
void wait_command(struct client *c)
{
    struct replica *r = replica_of(c);
    int64_t timeout_ms;
    if (link_up.host) {
        reply_error(c, "ERR WAIT cannot be used with replica instances. Please "
                       "also note that since Redis "
                       "4.0 if a replica is configured to be writable (which "
                       "is not the default) writes to replicas are just local "
                       "and are not propagated.");
        return;
    }
    if (!integer_or_reply(c, c->argv[1], &r->wanted))
        return;
    bool is_number = parse_int64(c->argv[2], &timeout_ms);
    if (!is_number || timeout_ms < 0) {
        reply_error(c, is_number
                           ? "ERR timeout is negative"
                           : "ERR timeout is not an integer or out of range");
        return;
    }
    r->awaited = r->written;
    reply_reached(c);
}
