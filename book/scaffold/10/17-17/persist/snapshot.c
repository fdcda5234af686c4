bool snapshot_begin(void)
{
    pid_t pid = server_fork();
    if (pid == 0)
        _exit(save_file() ? 0 : 1);
    if (pid < 0) {
        log_write(LOG_WARNING, "Can't save in background: fork: %s",
                  strerror(errno));
        return false;
    }
    log_write(LOG_NOTICE, "Background saving started by pid %ld", (long)pid);
    snapshot.child = pid;
    return true;
}
