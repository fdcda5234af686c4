/* ZRANGE key start stop */
static void zrange_command(struct client *c)
{
    struct zset_range range = {0};
    if (ends_or_reply(c, 2, &range))
        reply_zset_range(c, &range);
}
