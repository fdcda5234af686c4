/* Executes LPOP and RPOP. */
static void pop(struct client *c, enum list_end end)
{
    struct entry *e;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (!e)
        reply_null(c);
    else
        pop_and_reply(c, c->argv[1], entry_list(e), end, 1);
}
