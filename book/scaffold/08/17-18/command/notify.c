void notify_open(void)
{
    keyspace_observe(notify);
}
