/* SET key value */
static void set_command(struct client *c)
{
    set_value(c, c->argv[1], c->argv[2]);
    reply_ok(c);
}

/* GET key */
static void get_command(struct client *c)
{
    reply_string(c, lookup_read(c->db, c->argv[1]));
}
