void primary_sync(struct client *c)
{
    follow(c, REPLICA_WAITS);
    begin_saving();
}
