static void on_connection(void *owner, int events)
{
    (void)owner, (void)events;
    int fd = accept(listening_socket, NULL, NULL);
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection_open(fd, 0);
}

void server_run(int listening, execute_fn *execute)
{
    listening_socket = listening;
    connection_set_execute(execute);
    catch_signals();
    event_loop_open();
    event_watch(listening, EVENT_READABLE, on_connection, NULL);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    while (client_first())
        client_free(client_first());
    log_write(LOG_WARNING, "Received SIGTERM or SIGINT, bye bye...");
    close(listening);
}
