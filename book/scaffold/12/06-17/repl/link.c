/* Counts what was executed since `done`, and returns where that ends. */
static size_t pass_on(struct client *c, size_t done)
{
    struct buffer *begun = &link_up.begun;
    size_t end = c->reader.args_left > 0 ? c->reader.start : c->reader.position;
    buffer_append(begun, link_up.in.data + done, end - done);
    if (!(c->flags & CLIENT_MULTI)) {
        backlog.offset += (int64_t)begun->len;
        begun->len = 0;
    }
    return end;
}

/* The data is where the stream goes on: from here on it is executed. */
static void begin_stream(void)
{
    link_up.client = client_create(link_up.fd, CLIENT_MAY_IDLE);
    link_up.client->output.muted = true;
    link_up.client->db = db_at(0);
    link_up.has_history = true;
    link_up.state = LINK_CONNECTED;
}
