/* Reads once. Returns false when the connection has ended, or must end. */
static bool read_input(struct client *c)
{
    /* A long argument gets more space, but never all that its header announces:
     * memory follows the bytes that have arrived. */
    size_t size = resp_missing(&c->reader, &c->input);
    if (size < READ_BYTES)
        size = READ_BYTES;
    if (size > READ_MORE_BYTES)
        size = READ_MORE_BYTES;
    char *space = buffer_reserve(&c->input, size);
    ssize_t got = read(c->fd, space, size);
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (got == 0)
        return false;
    c->input.len += (size_t)got;
    c->active_ms = clock_ticked_ms();
    /* Arguments that were read completely do not count, as in Redis: a command
     * may be longer than the limit, what waits to be parsed may not. */
    if (c->input.len - c->reader.position > 1024 * 1024 * 1024) {
        log_write(
            LOG_WARNING,
            "Closing client that reached max query buffer length: id=%llu",
            (unsigned long long)c->id);
        return false;
    }
    return true;
}

void connection_open(int fd, unsigned flags)
{
    struct client *c = client_create(fd, flags);
    watch(c);
}
