/* Looks up stream `i` and parses the ID behind which it is read. $ is the last
 * one of now. */
static bool after_or_reply(struct client *c, const struct read_args *args,
                           int i, struct stream_id *after)
{
    struct slice key = c->argv[args->keys + i];
    struct slice arg = c->argv[args->keys + args->streams + i];
    bool is_last = slice_equal(arg, SLICE("$"));
    bool is_new = slice_equal(arg, SLICE(">"));
    struct entry *e = NULL;
    if (!read_typed_or_reply(c, key, TYPE_STREAM, &e))
        return false;
    if (is_new && !args->is_group)
        return refuse(c, "ERR The > ID can be specified only when calling "
                         "XREADGROUP using the GROUP <group> <consumer> "
                         "option.");
    *after = e ? entry_stream(e)->last_id : stream_id_min;
    return is_last || id_or_reply(c, arg, after);
}

/* Replies with entries that are behind an ID. */
static void read_entries(struct client *c, struct read_args *args,
                         struct slice key, const struct stream *s,
                         struct stream_id after)
{
    struct stream_iterator it;
    int64_t count = 0;
    if (!stream_id_next(&after))
        return;
    stream_iterate(&it, s, after, stream_id_max, false);
    if (!stream_next(&it))
        return;
    struct output_block *begun = begin_stream(c, args, key);
    do
        reply_entry(c, &it);
    while (++count != args->count && stream_next(&it));
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* Reads from stream `i`, if it still exists. */
static void read_stream(struct client *c, struct read_args *args, int i,
                        struct stream_id after)
{
    struct slice key = c->argv[args->keys + i];
    const struct entry *e = lookup_read(c->db, key);
    if (e)
        read_entries(c, args, key, entry_stream(e), after);
}
