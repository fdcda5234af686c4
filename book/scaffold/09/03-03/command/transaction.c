/* EXEC */
static void exec_command(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI)) {
        reply_error(c, "ERR EXEC without MULTI");
        return;
    }
    execute_queue(c);
    transaction_discard(c);
}
