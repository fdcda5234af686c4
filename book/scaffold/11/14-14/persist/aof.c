/* Loads the log, and goes on at the end of its last file. */
static bool start_log(void)
{
    static struct manifest m;
    char path[AOF_PATH_MAX];
    int64_t bytes;
    if (!manifest_read(&m) || !aof_load(&m, &bytes, &aof_log.total))
        return false;
    const struct aof_file *incr = manifest_last(&m, AOF_INCR);
    mkdir(aof_directory, 0755);
    aof_path(path, incr ? incr->name : manifest_add_incr(&m)->name);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (fd < 0 || !manifest_write(&m))
        return false;
    aof_log_open(fd);
    return true;
}
