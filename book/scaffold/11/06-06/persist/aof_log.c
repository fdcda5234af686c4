static void sync_written(void)
{
    if (aof_log.fsync == FSYNC_NO || (aof_log.fsync == FSYNC_EVERYSEC &&
                                      monotonic_ms() - synced_ms < FSYNC_MS))
        return;
    note_result(fsync(aof_log.fd) == 0 ? 0 : errno);
    is_dirty = false;
    synced_ms = monotonic_ms();
}
