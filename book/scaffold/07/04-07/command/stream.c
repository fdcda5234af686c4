/* Checks that an ID comes after the last one of the stream. */
static bool next_id_or_reply(struct client *c, struct stream_id last,
                             struct stream_args *args)
{
    return stream_id_compare(&args->id, &last) > 0 ||
           refuse(c,
                  "ERR The ID specified in XADD is equal or smaller than the "
                  "target stream top item");
}

/* XADD key id field value [field value ...] */
static void xadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct stream_args args = {.id_at = 2, .form = ID_COMPLETE};
    struct entry *e;
    if (!id_or_reply(c, c->argv[2], &args.id) || !fields_or_reply(c, &args) ||
        !write_typed_or_reply(c, key, TYPE_STREAM, &e))
        return;
    if (!next_id_or_reply(c, e ? entry_stream(e)->last_id : stream_id_min,
                          &args))
        return;
    if (!e) {
        e = stream_create(key);
        db_add(c->db, e);
    }
    struct stream *s = entry_stream(e);
    int first = args.id_at + 1;
    stream_append(s, args.id, c->argv + first, (size_t)(c->argc - first) / 2);
    key_changed(c->db, key, "xadd");
    reply_id(c, args.id);
}
