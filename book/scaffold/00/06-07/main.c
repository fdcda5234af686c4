static void execute(struct client *c)
{
    if (slice_is(c->argv[0], "quit")) {
        reply_ok(c);
        c->flags |= CLIENT_CLOSE_AFTER_REPLY;
    } else if (c->argc == 1) {
        reply_simple(c, "PONG");
    } else {
        reply_bulk(c, c->argv[c->argc - 1]);
    }
}
