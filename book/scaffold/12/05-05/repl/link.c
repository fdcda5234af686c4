/* The data is where the stream goes on. */
static void begin_stream(void)
{
    link_up.state = LINK_CONNECTED;
}

/* Reads what has arrived: replies to the handshake, the snapshot, the stream. */
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
    while (link_up.in.len > 0 && link_up.state != LINK_CONNECTED &&
           (link_up.file >= 0 ? take_file() : take_line()))
        continue;
    if (link_up.state == LINK_CONNECTED)
        link_up.in.len = 0; /* the stream */
}
