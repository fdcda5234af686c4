/* LRANGE key start stop */
static void lrange_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    size_t count = e ? entry_list(e)->length : 0;
    reply_array(c, count);
    if (count == 0)
        return;
    struct list_place place = list_seek(entry_list(e), 0);
    for (; count > 0; count--) {
        char scratch[INT64_TEXT_MAX];
        reply_bulk(c, list_value(place, scratch));
        place = list_next(place);
    }
}
