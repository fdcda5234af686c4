static void on_connection(void *owner, int events)
{
    (void)owner, (void)events;
    int fd = accept(listening_socket, NULL, NULL);
    if (fd < 0)
        return;
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    event_watch(fd, EVENT_READABLE, on_ready, client_create(fd));
}

void server_run(int listening, execute_fn *execute)
{
    listening_socket = listening;
    execute_command = execute;
    catch_signals();
    event_loop_open();
    event_watch(listening, EVENT_READABLE, on_connection, NULL);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    log_write(LOG_WARNING, "Received SIGTERM or SIGINT, bye bye...");
    close(listening);
}
