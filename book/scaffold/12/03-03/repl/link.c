/* The reply to PSYNC. */
static bool take_psync_reply(struct slice rest)
{
    log_write(LOG_NOTICE, "PSYNC: %.*s", slice_precision(rest), rest.ptr);
    return give_up("the primary cannot serve us now");
}

/* Sends what comes next: PING, who we are, and PSYNC. Each waits for the replies
 * to what was sent before. The socket has room for it, since it is empty. */
static bool ask(void)
{
    char number[INT64_TEXT_MAX] = "-1";
    struct buffer out = {0};
    link_up.replies = 1;
    if (link_up.step == 0) {
        request(&out, "PING", "", "");
    } else if (link_up.step == 1) {
        link_up.replies = 2 + (link_introduce ? link_introduce(&out) : 0);
        format_int64(number, net_settings.port);
        request(&out, "REPLCONF", "listening-port", number);
        request(&out, "REPLCONF", "capa", "psync2");
    } else {
        request(&out, "PSYNC", "?", number);
    }
    link_up.step++;
    bool done = write(link_up.fd, out.data, out.len) == (ssize_t)out.len;
    buffer_free(&out);
    return done || give_up(strerror(errno));
}
