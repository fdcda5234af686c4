/* A word alone is a PING; with more words, the last one is sent back. */
static void execute(struct client *c)
{
    struct slice last = c->argv[c->argc - 1];
    if (c->argc == 1) {
        output_append(&c->output, "+PONG\r\n", 7);
        return;
    }
    char *header = output_reserve(&c->output, 32);
    output_commit(&c->output, (size_t)sprintf(header, "$%zu\r\n", last.len));
    output_append(&c->output, last.ptr, last.len);
    output_append(&c->output, "\r\n", 2);
}
