/* PSYNC id offset */
static void psync_command(struct client *c)
{
    int64_t offset;
    if (replica_of(c)->state != REPLICA_NONE || c == link_up.client)
        return;
    if (link_up.host && !link_up.client)
        reply_error(c, "NOMASTERLINK Can't SYNC while not connected with my "
                       "master");
    else if (integer_or_reply(c, c->argv[2], &offset))
        primary_sync(c);
}
