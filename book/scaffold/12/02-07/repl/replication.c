void replication_follow(struct slice host, int64_t port)
{
    link_follow(host, port);
    link_cron(60);
}
