static void execute(struct client *c)
{
    if (slice_is(c->argv[0], "ping") && c->argc == 1) {
        reply_simple(c, "PONG");
    } else if (slice_is(c->argv[0], "quit")) {
        reply_ok(c);
        c->flags |= CLIENT_CLOSE_AFTER_REPLY;
    } else if (c->argc == 2) {
        reply_bulk(c, c->argv[1]);
    } else {
        reply_errorf(c, "ERR unknown command '%.*s'", (int)c->argv[0].len,
                     c->argv[0].ptr);
    }
}
