/* ZADD key score member [score member ...] */
static void zadd_command(struct client *c)
{
    struct addition a = {.first = 2};
    if (c->argc % 2 != 0)
        reply_error(c, ERR_SYNTAX);
    else
        execute_addition(c, &a);
}
