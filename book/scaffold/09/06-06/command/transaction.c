/* Adds the client's command to its queue. */
static void add_to_queue(struct client *c)
{
    struct transaction *t = transaction_of(c);
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 4;
        t->queue = zrealloc(t->queue, (size_t)t->capacity * sizeof *t->queue);
    }
    t->queue[t->count++] =
        (struct queued){c->command, c->argc, arguments_copy(c->argc, c->argv)};
    t->flags |= c->command->flags;
}
