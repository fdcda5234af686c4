/* XTRIM key MAXLEN | MINID [= | ~] threshold [LIMIT count] */
static void xtrim_command(struct client *c)
{
    struct stream_args args = {.has_limit = false};
    struct entry *e;
    if (!stream_args_or_reply(c, false, &args) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_STREAM, &e))
        return;
    int64_t trimmed = e ? stream_trim(entry_stream(e), &args.trim) : 0;
    if (trimmed > 0)
        key_changed(c->db, c->argv[1], "xtrim");
    reply_integer(c, trimmed);
}
