void primary_sync(struct client *c)
{
    follow(c, REPLICA_WAITS);
    if (!backlog.first) {
        history_begin();
        backlog_extend();
    }
    begin_saving();
}
