void server_run(int listening, execute_fn *execute)
{
    connection_set_execute(execute);
    event_loop_open();
    if (!catch_signals())
        return;
    server_add_listener(listening, 0);
    event_watch(listening, EVENT_READABLE, on_connection, &listeners[0]);
    event_each_turn(connection_flush_queued);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    /* Commands that were executed get their replies, as far as the sockets take
     * them: a client that does not read must not hold up the end. */
    connection_flush_queued();
    while (client_first())
        client_free(client_first());
    for (int i = 0; i < listener_count; i++)
        close(listeners[i].fd);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
    log_write(LOG_WARNING, "Redis is now ready to exit, bye bye...");
}
