/* Parses the ID of XADD: complete, or * or ms-*. */
static bool new_id_or_reply(struct client *c, struct stream_args *args)
{
    args->form = ID_AUTO;
    if (slice_equal(c->argv[args->id_at], SLICE("*")))
        return true;
    args->form = stream_id_parse(c->argv[args->id_at], &args->id);
    return args->form == ID_AUTO_SEQ ||
           id_or_reply(c, c->argv[args->id_at], &args->id);
}

/* XADD key * | ms-* | id field value [field value ...] */
static void xadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct stream_args args = {.id_at = 2};
    struct entry *e;
    if (!new_id_or_reply(c, &args) || !fields_or_reply(c, &args) ||
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
