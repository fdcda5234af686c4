/* REPLICAOF host port
 * REPLICAOF NO ONE */
static void replicaof_command(struct client *c)
{
    const struct slice nobody = {NULL, 0};
    int64_t port;
    if (slice_is(c->argv[1], "no") && slice_is(c->argv[2], "one")) {
        if (link_up.host)
            replication_follow(nobody, 0);
        reply_ok(c);
        return;
    }
    if (!range_or_reply(c, c->argv[2], 0, 65535, &port,
                        "ERR Invalid master port"))
        return;
    if (link_up.host && slice_is(c->argv[1], link_up.host) &&
        port == link_up.port) {
        reply_simple(c, "OK Already connected to specified master");
        return;
    }
    replication_follow(c->argv[1], port);
    reply_ok(c);
}
