/* GET key */
static void get_command(struct client *c)
{
    struct node *node = find(c->argv[1]);
    if (node)
        reply_bulk(c, node->value);
    else
        reply_null(c);
}
