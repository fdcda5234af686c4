enum { CLIENTS_MAX = 256 };

static struct client *clients[CLIENTS_MAX]; /* by descriptor */

/* Reads once, executes and replies. */
static void serve(struct client *c, execute_fn *execute)
{
    if (read_input(c)) {
        process_input(c, execute);
        if (output_send(&c->output, c->fd) == OUTPUT_DONE &&
            !(c->flags & CLIENT_CLOSE_AFTER_REPLY))
            return;
    }
    backend_change(c->fd, EVENT_READABLE, 0);
    client_free(c);
}

static void accept_client(void)
{
    int fd = accept(listening_socket, NULL, NULL);
    if (fd >= CLIENTS_MAX)
        close(fd);
    if (fd < 0 || fd >= CLIENTS_MAX)
        return;
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    clients[fd] = client_create(fd);
    backend_change(fd, 0, EVENT_READABLE);
}

void server_run(int listening, execute_fn *execute)
{
    listening_socket = listening;
    catch_signals();
    backend_open();
    backend_change(listening, 0, EVENT_READABLE);
    log_write(LOG_NOTICE, "Ready to accept connections");
    while (!stopping) {
        struct event_ready ready[64];
        int count = backend_wait(-1, ready, 64);
        for (int i = 0; i < count; i++) {
            if (ready[i].fd == listening)
                accept_client();
            else
                serve(clients[ready[i].fd], execute);
        }
    }
    log_write(LOG_WARNING, "Received SIGTERM or SIGINT, bye bye...");
    close(listening);
}
