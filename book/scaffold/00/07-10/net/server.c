/* Reads once. Returns false when the connection has ended, or must end. */
static bool read_input(struct client *c)
{
    char *space = buffer_reserve(&c->input, READ_BYTES);
    ssize_t got = read(c->fd, space, READ_BYTES);
    if (got < 0 && errno == EINTR)
        return true;
    if (got <= 0)
        return false;
    c->input.len += (size_t)got;
    return true;
}
