bool snapshot_start(void)
{
    return snapshot_read();
}
