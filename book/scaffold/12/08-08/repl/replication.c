void replication_open(void)
{
    link_open();
    dispatch_check(CHECK_WRITABLE, check_writable);
}
