void replication_close(void)
{
}
