/* BLPOP key [key ...] timeout
 * BRPOP key [key ...] timeout
 * The first key that has a list is popped from. */
static void bpop_command(struct client *c)
{
    struct entry *e;
    for (int i = 1; i < c->argc - 1; i++) {
        if (!write_typed_or_reply(c, c->argv[i], TYPE_LIST, &e) ||
            serve_pop(c, c->argv[i], e))
            return;
    }
    reply_null_array(c);
}
