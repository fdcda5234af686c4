/* EXEC */
static void exec_command(struct client *c)
{
    c->flags &= ~(unsigned)CLIENT_MULTI;
    reply_array(c, 0);
}

const struct command transaction_commands[] = {
    {.name = "multi", .arity = 1, .handler = multi_command},
    {.name = "exec", .arity = 1, .handler = exec_command},
    {.name = NULL},
};
