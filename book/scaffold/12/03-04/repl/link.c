static bool take_length(struct slice line)
{
    (void)line;
    return give_up("a snapshot is not taken yet");
}

/* Reads what has arrived: replies to the handshake. */
static void on_bytes(void *owner, int events)
{
    (void)owner, (void)events;
    char *space = buffer_reserve(&link_up.in, READ_BYTES);
    ssize_t got = read(link_up.fd, space, READ_BYTES);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0)
        give_up(got == 0 ? "connection lost" : strerror(errno));
    link_up.in.len += got > 0 ? (size_t)got : 0;
    link_up.active_ms = monotonic_ms();
    while (link_up.in.len > 0 && take_line())
        continue;
}
