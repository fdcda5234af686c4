/* Loads the one file, and goes on at its end. */
static bool start_log(void)
{
    mkdir("appendonlydir", 0755);
    int fd = open("appendonlydir/appendonly.aof.1.incr.aof",
                  O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (fd < 0 || !aof_load())
        return false;
    aof_log_open(fd);
    return true;
}
