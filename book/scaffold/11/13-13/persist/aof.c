/* Loads the one file, and goes on at its end. */
static bool start_log(void)
{
    char path[AOF_PATH_MAX];
    struct manifest m = {0};
    mkdir(aof_directory, 0755);
    aof_path(path, manifest_add_incr(&m)->name);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (fd < 0 || !aof_load() || !manifest_write(&m))
        return false;
    aof_log_open(fd);
    return true;
}
