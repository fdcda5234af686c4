void replication_open(void)
{
    link_open();
}
