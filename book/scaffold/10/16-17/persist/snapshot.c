bool snapshot_save(void)
{
    return save_file();
}
