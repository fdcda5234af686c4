/* SET key value [NX | XX] [GET], or SET key value EX seconds | PX ms. */
static void set_command(struct client *c)
{
    struct slice key = c->argv[1], value = c->argv[2];
    struct set_options options = {0};
    struct entry *e;
    int64_t clock_ticked_ms(void); /* until step 5 */
    int64_t when_ms = NO_EXPIRY, left;
    bool is_px = c->argc == 5 && slice_is(c->argv[3], "px");
    bool is_ex = c->argc == 5 && slice_is(c->argv[3], "ex");
    if (is_px || is_ex) {
        if (!integer_or_reply(c, c->argv[4], &left))
            return;
        when_ms = clock_ticked_ms() + left * (is_ex ? 1000 : 1);
    } else if (!set_options_or_reply(c, &options)) {
        return;
    }
    if (options.get) {
        if (!read_typed_or_reply(c, key, TYPE_STRING, &e))
            return;
        reply_string(c, e);
    }
    bool exists =
        (options.if_absent || options.if_present) && lookup_write(c->db, key);
    if (exists ? options.if_absent : options.if_present) {
        if (!options.get)
            reply_null(c);
        return;
    }
    db_set_string_until(c->db, key, value, when_ms);
    key_changed(c->db, key, "set");
    if (!options.get)
        reply_ok(c);
    else
        propagate_without_get(c);
}
