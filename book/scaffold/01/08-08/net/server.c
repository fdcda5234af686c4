void server_run(int listening, execute_fn *execute)
{
    connection_set_execute(execute);
    event_loop_open();
    catch_signals();
    server_add_listener(listening, 0);
    event_watch(listening, EVENT_READABLE, on_connection, &listeners[0]);
    event_each_turn(connection_flush_queued);
    log_write(LOG_NOTICE, "Ready to accept connections");
    event_loop_run();
    while (client_first())
        client_free(client_first());
    for (int i = 0; i < listener_count; i++)
        close(listeners[i].fd);
    log_write(LOG_WARNING, "Redis is now ready to exit, bye bye...");
}
