static void serve(int fd)
{
    struct buffer input = {0};
    struct resp_reader reader;
    resp_init(&reader);
    enum resp_status status = RESP_COMMAND;
    ssize_t got;
    while (status != RESP_MALFORMED &&
           (got = read(fd, buffer_reserve(&input, READ_MAX), READ_MAX)) > 0) {
        input.len += (size_t)got;
        while ((status = resp_read(&reader, &input)) == RESP_COMMAND)
            execute(fd, reader.argc, reader.argv);
        resp_discard_read(&reader, &input);
    }
    if (status == RESP_MALFORMED)
        dprintf(fd, "-ERR Protocol error: %s\r\n", reader.error);
    resp_free(&reader);
    buffer_free(&input);
}
