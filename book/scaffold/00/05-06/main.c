static void serve(int fd)
{
    struct client c = {.fd = fd, .protocol = 2};
    resp_init(&c.reader);
    ssize_t got;
    while (!(c.flags & CLIENT_CLOSE_AFTER_REPLY) &&
           (got = read(fd, buffer_reserve(&c.input, READ_MAX), READ_MAX)) > 0) {
        c.input.len += (size_t)got;
        enum resp_status status = RESP_COMMAND;
        while (!(c.flags & CLIENT_CLOSE_AFTER_REPLY) &&
               (status = resp_read(&c.reader, &c.input)) == RESP_COMMAND) {
            c.argc = c.reader.argc;
            c.argv = c.reader.argv;
            execute(&c);
        }
        resp_discard_read(&c.reader, &c.input);
        output_send(&c.output, fd);
        if (status == RESP_MALFORMED) {
            dprintf(fd, "-ERR Protocol error: %s\r\n", c.reader.error);
            c.flags |= CLIENT_CLOSE_AFTER_REPLY;
        }
    }
    resp_free(&c.reader);
    buffer_free(&c.input);
}
