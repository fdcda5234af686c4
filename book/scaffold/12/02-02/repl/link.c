/* Sends PING. */
static bool ask(void)
{
    return write(link_up.fd, "*1\r\n$4\r\nPING\r\n", 14) == 14 ||
           give_up(strerror(errno));
}

/* Shows what the primary says. */
static void on_bytes(void *owner, int events)
{
    (void)owner, (void)events;
    char text[LINE_MAX_BYTES];
    ssize_t got = read(link_up.fd, text, sizeof text);
    log_write(LOG_NOTICE, "It says %.*s", got > 0 ? (int)got : 0, text);
    if (got <= 0)
        give_up("connection lost");
}
