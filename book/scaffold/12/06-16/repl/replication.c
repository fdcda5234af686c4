/* ROLE */
static void role_command(struct client *c)
{
    static const char *const states[] = {"none",      "connect", "connecting",
                                         "handshake", "sync",    "connected"};
    if (!link_up.host) {
        reply_array(c, 3);
        reply_bulk_text(c, "master");
        reply_integer(c, backlog.offset);
        reply_array(c, 0);
        return;
    }
    reply_array(c, 5);
    reply_bulk_text(c, "slave");
    reply_bulk_text(c, link_up.host);
    reply_integer(c, link_up.port);
    reply_bulk_text(c, states[link_up.state]);
    reply_integer(c, link_up.client ? backlog.offset : -1);
}
