/* Executes EXPIRE and its relatives, which differ in the form of the time only.
 * The reply is 1 if the time was set, 0 if the key is missing. */
static void expire_key(struct client *c, const struct time_form *form)
{
    int64_t when_ms;
    if (!time_or_reply(c, c->argv[2], form, INT64_MIN, &when_ms))
        return;
    struct entry *e = lookup_write(c->db, c->argv[1]);
    bool set = e != NULL;
    if (set && expire_at(c, c->argv[1], e, when_ms) &&
        form != &time_forms[FORM_PXAT])
        propagate_expire_at(c, c->argv[1], when_ms, 3);
    reply_integer(c, set);
}
