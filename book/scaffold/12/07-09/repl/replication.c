/* REPLCONF GETACK * */
static void replconf_command(struct client *c)
{
    if (c->argc == 3 && slice_is(c->argv[1], "getack"))
        link_send_ack();
    else
        reply_error(c, ERR_SYNTAX);
}
