/* A word alone is a PING; with more words, the last one is sent back. */
static void execute(int fd, int argc, struct slice *argv)
{
    struct slice last = argv[argc - 1];
    if (argc == 1) {
        dprintf(fd, "+PONG\r\n");
        return;
    }
    dprintf(fd, "$%zu\r\n", last.len);
    send(fd, last.ptr, last.len, 0);
    dprintf(fd, "\r\n");
}
