int main(int argc, char **argv)
{
    commands_add(connection_commands);
    server_run(open_port(argc > 2 ? atoi(argv[2]) : 6379), dispatch);
    return 0;
}
