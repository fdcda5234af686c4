/* Executes the commands that have arrived completely, in order, until one has
 * to wait or the client must not have another reply. Sends nothing and frees
 * no client: what there is to send or to close, flush does at the end of the
 * turn. */
static void process_input(struct client *c)
{
    for (;;) {
        if (c->flags & CLIENT_STOPPED || c->output.over_limit)
            break;
        enum resp_status status = resp_read(&c->reader, &c->input);
        if (status == RESP_INCOMPLETE)
            break;
        if (status == RESP_MALFORMED) {
            reply_errorf(c, "ERR Protocol error: %s", c->reader.error);
            c->flags |= CLIENT_CLOSE_AFTER_REPLY;
            break;
        }
        c->argc = c->reader.argc;
        c->argv = c->reader.argv;
        execute(c);
        hooks_call(&executed, client_fn, c);
    }
    /* The last reply is written. Messages that other clients cause would follow
     * it until it is sent. */
    if (c->flags & CLIENT_CLOSE_AFTER_REPLY)
        c->output.muted = true;
    resp_discard_read(&c->reader, &c->input);
    /* A client that is idle holds no buffers. */
    if (c->input.len == 0 && c->reader.args_left == 0) {
        buffer_free(&c->input);
        resp_free(&c->reader);
    }
    if (c->output.pending > 0 || c->flags & CLIENT_CLOSE_AFTER_REPLY)
        connection_queue_flush(c);
}

/* Sends what the socket takes. Frees the client if its connection is over. */
static void flush(struct client *c)
{
    if (c->output.over_limit) {
        log_write(
            LOG_WARNING,
            "Client id=%llu scheduled to be closed ASAP for overcoming of "
            "output buffer limits.",
            (unsigned long long)c->id);
        client_free(c);
        return;
    }
    size_t pending = c->output.pending;
    enum output_status status = output_send(&c->output, c->fd);
    if (status == OUTPUT_FAILED ||
        (status == OUTPUT_DONE && c->flags & CLIENT_CLOSE_AFTER_REPLY)) {
        client_free(c);
        return;
    }
    /* A client that sends nothing but reads, slowly, is not idle. */
    if (c->output.pending < pending)
        c->active_ms = clock_ticked_ms();
    watch(c);
}
