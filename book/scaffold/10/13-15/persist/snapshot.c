bool snapshot_save(void)
{
    return snapshot_write(settings.file);
}
