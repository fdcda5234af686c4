void aof_log_flush(bool now)
{
    (void)now;
    if (aof_log.pending.len > 0)
        write_pending();
    if (is_dirty && !aof_log.error)
        sync_written();
}
