/* EXEC */
static void exec_command(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI)) {
        reply_error(c, "ERR EXEC without MULTI");
        return;
    }
    if (c->flags & CLIENT_DIRTY_EXEC)
        reply_error(c, "EXECABORT Transaction discarded because of previous "
                       "errors.");
    else
        execute_queue(c);
    transaction_discard(c);
}
