static void serve(int fd)
{
    struct buffer input = {0};
    struct slice argv[64];
    struct resp_reader reader;
    resp_init(&reader);
    enum resp_status status = RESP_COMMAND;
    ssize_t got;
    while (status != RESP_MALFORMED &&
           (got = read(fd, buffer_reserve(&input, READ_MAX), READ_MAX)) > 0) {
        input.len += (size_t)got;
        status = RESP_COMMAND;
        while (status == RESP_COMMAND && reader.position < input.len) {
            char *at = input.data + reader.position;
            if (*at == '*') {
                int argc;
                reader.position = (size_t)(split(at, &argc, argv) - input.data);
                execute(fd, argc, argv);
            } else if ((status = resp_read(&reader, &input)) == RESP_COMMAND) {
                execute(fd, reader.argc, reader.argv);
            }
        }
        buffer_consume(&input, reader.position);
        reader.position = 0;
    }
    if (status == RESP_MALFORMED)
        dprintf(fd, "-ERR Protocol error: %s\r\n", reader.error);
    resp_free(&reader);
    buffer_free(&input);
}
