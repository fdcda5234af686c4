/* XREAD STREAMS key [key ...] id [id ...]
 * All IDs are parsed before the first entry is read. */
static void xread_command(struct client *c)
{
    struct read_args args = {.keys = 2, .streams = (c->argc - 2) / 2};
    if (c->argc % 2 != 0 || !slice_is(c->argv[1], "streams")) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    struct stream_id *after = zmalloc((size_t)args.streams * sizeof *after);
    int i = 0;
    while (i < args.streams && after_or_reply(c, &args, i, &after[i]))
        i++;
    bool is_valid = i == args.streams;
    for (i = 0; is_valid && i < args.streams; i++)
        read_stream(c, &args, i, after[i]);
    if (args.begun)
        reply_end_aggregate(c, args.begun,
                            c->protocol == 3 ? REPLY_MAP : REPLY_ARRAY,
                            args.replied);
    else if (is_valid)
        reply_null_array(c);
    zfree(after);
}
