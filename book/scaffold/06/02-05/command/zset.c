/* ZSCORE key member */
static void zscore_command(struct client *c)
{
    struct entry *e;
    struct slice text;
    double score = 0;
    char scratch[INT64_TEXT_MAX];
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (e && hash_find(e, c->argv[2], scratch, &text)) {
        parse_double(text, &score);
        reply_double(c, score);
    } else {
        reply_null(c);
    }
}
