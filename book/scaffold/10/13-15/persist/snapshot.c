bool snapshot_save(void)
{
    return write_file(settings.file);
}
