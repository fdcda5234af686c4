static void serve(int fd)
{
    struct buffer input = {0};
    struct slice argv[64];
    ssize_t got;
    while ((got = read(fd, buffer_reserve(&input, READ_MAX), READ_MAX)) > 0) {
        char *at = input.data;
        while (at < input.data + got) {
            int argc;
            at = split(at, &argc, argv);
            execute(fd, argc, argv);
        }
    }
    buffer_free(&input);
}
