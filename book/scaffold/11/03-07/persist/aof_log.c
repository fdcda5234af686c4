void aof_log_open(int fd)
{
    aof_log.fd = fd;
    aof_log.db = -1;
}
