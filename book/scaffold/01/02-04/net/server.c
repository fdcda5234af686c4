static execute_fn *execute_command;

/* Reads once, executes and replies. */
static void on_ready(void *owner, int events)
{
    (void)events;
    struct client *c = owner;
    if (read_input(c)) {
        process_input(c, execute_command);
        if (output_send(&c->output, c->fd) == OUTPUT_DONE &&
            !(c->flags & CLIENT_CLOSE_AFTER_REPLY))
            return;
    }
    event_watch(c->fd, 0, NULL, NULL);
    client_free(c);
}
