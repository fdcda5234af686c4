void replication_follow(struct slice host, int64_t port)
{
    link_follow(host, port);
    if (host.ptr)
        unblock_all();
    link_cron(60);
}
