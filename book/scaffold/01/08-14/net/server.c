/* Accepts the connections that wait at a listener, up to a bound: clients that
 * are connected wait meanwhile. What is left over is reported in the next
 * turn. */
static void on_connection(void *owner, int events)
{
    (void)events;
    const struct listener *from = owner;
    int fd = -1;
    for (int n = 0; n < ACCEPTS_PER_TURN; n++) {
        fd = accept(from->fd, NULL, NULL);
        if (fd >= 0)
            accept_client(fd, from);
        else if (errno != EINTR && errno != ECONNABORTED)
            break;
    }
}
