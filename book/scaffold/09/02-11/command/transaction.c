bool transaction_queue(struct client *c)
{
    if (!(c->flags & CLIENT_MULTI) || is_immediate(c))
        return false;
    add_to_queue(c);
    reply_simple(c, "QUEUED");
    return true;
}
