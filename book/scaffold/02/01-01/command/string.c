/* GET key */
static void get_command(struct client *c)
{
    struct node *node = find(c->argv[1]);
    reply_bulk(c, node ? node->value : slice_of(""));
}
