/* ROLE */
static void role_command(struct client *c)
{
    if (!link_up.host) {
        reply_array(c, 3);
        reply_bulk_text(c, "master");
        reply_integer(c, 0);
        reply_array(c, 0);
        return;
    }
    reply_array(c, 5);
    reply_bulk_text(c, "slave");
    reply_bulk_text(c, link_up.host);
    reply_integer(c, link_up.port);
    reply_bulk_text(c, "connect");
    reply_integer(c, -1);
}

void replication_open(void)
{
}
