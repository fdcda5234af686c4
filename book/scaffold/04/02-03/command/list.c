/* RPUSH key element [element ...] */
static void rpush_command(struct client *c)
{
    char scratch[INT64_TEXT_MAX];
    struct buffer list = {0};
    struct entry *e;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (e)
        buffer_append_slice(&list, string_value(e, scratch));
    for (int i = 2; i < c->argc; i++) {
        buffer_append(&list, &(char){(char)c->argv[i].len}, 1);
        buffer_append_slice(&list, c->argv[i]);
    }
    db_set_string(c->db, c->argv[1], buffer_slice(&list))->type = TYPE_LIST;
    key_changed(c->db, c->argv[1], "rpush");
    reply_integer(c, walk(c, buffer_slice(&list), false));
    buffer_free(&list);
}

/* LRANGE key start stop */
static void lrange_command(struct client *c)
{
    char scratch[INT64_TEXT_MAX];
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    struct slice list = e ? string_value(e, scratch) : slice_of("");
    reply_array(c, (size_t)walk(c, list, false));
    walk(c, list, true);
}
