static bool open_files(void)
{
    const struct aof_file *incr = manifest_last(&aof.manifest, AOF_INCR);
    mkdir(aof_directory, 0755);
    if (!incr)
        return begin_incr();
    int fd = open_incr(incr->name, 0);
    if (fd >= 0)
        aof_log_open(fd);
    return fd >= 0;
}
