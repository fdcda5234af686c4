int main(int argc, char **argv)
{
    server_run(open_port(argc > 2 ? atoi(argv[2]) : 6379), execute);
    return 0;
}
