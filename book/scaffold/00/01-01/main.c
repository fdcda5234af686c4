static void serve(int fd)
{
    char bytes[READ_MAX];
    while (read(fd, bytes, sizeof bytes) > 0)
        dprintf(fd, "+PONG\r\n");
}
