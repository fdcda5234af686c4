bool aof_start(void)
{
    return settings.is_on || snapshot_read();
}
