/* Makes a client of a new connection, or refuses it and closes it. To refuse it
 * the server has to accept it first: only then it can say why. */
static void accept_client(int fd, const struct listener *from)
{
    const char *refusal = NULL;
    if (check_connection)
        refusal = check_connection(fd, from->client_flags);
    if (refusal) {
        if (write(fd, refusal, strlen(refusal)) < 0) {
            /* The client is gone, or learns it from the close. */
        }
        close(fd);
        return;
    }
    prepare_descriptor(fd);
    /* Without it the kernel holds a short reply back for 40 ms, hoping for more
     * to send with it. */
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection_open(fd, from->client_flags);
}
