int main(int argc, char **argv)
{
    int listening = open_port(argc > 2 ? atoi(argv[2]) : 6379);
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        serve(fd);
        close(fd);
    }
}
