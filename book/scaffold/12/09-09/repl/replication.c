void replication_open(void)
{
    link_open();
    keyspace_allow_removal(allow_removal);
    dispatch_check(CHECK_WRITABLE, check_writable);
}
