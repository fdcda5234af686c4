void aof_log_flush(bool now)
{
    (void)now;
    if (aof_log.pending.len > 0)
        write_pending();
}
