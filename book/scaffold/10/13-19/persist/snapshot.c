void snapshot_open(void)
{
    rdb_formats_add(rdb_formats);
}
