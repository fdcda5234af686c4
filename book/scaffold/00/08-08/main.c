static void execute(struct client *c)
{
    const struct command *row = connection_commands;
    while (row->name && !slice_is(c->argv[0], row->name))
        row++;
    c->command = row;
    if (row->name)
        row->handler(c);
    else
        reply_error(c, "ERR unknown command");
}
