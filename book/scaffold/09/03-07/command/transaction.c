/* Executes the queue, in order. Each command replies with one element. */
static void execute_queue(struct client *c)
{
    const struct transaction *t = transaction_of(c);
    struct queued exec = {c->command, c->argc, c->argv};
    reply_array(c, (size_t)t->count);
    for (int i = 0; i < t->count; i++) {
        c->command = t->queue[i].command;
        c->argc = t->queue[i].argc;
        c->argv = t->queue[i].argv;
        call(c);
    }
    c->command = exec.command;
    c->argc = exec.argc;
    c->argv = exec.argv;
}
