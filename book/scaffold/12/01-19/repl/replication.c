/* REPLICAOF host port
 * REPLICAOF NO ONE */
static void replicaof_command(struct client *c)
{
    int64_t port;
    if (slice_is(c->argv[1], "no") && slice_is(c->argv[2], "one")) {
        if (link_up.host)
            replication_follow((struct slice){0}, 0);
        reply_ok(c);
    } else if (!parse_int64(c->argv[2], &port) || port < 0 || port > 65535) {
        reply_error(c, "ERR Invalid master port");
    } else if (link_up.host && slice_is(c->argv[1], link_up.host) &&
               port == link_up.port) {
        reply_simple(c, "OK Already connected to specified master");
    } else {
        replication_follow(c->argv[1], port);
        reply_ok(c);
    }
}
