static struct {
    const char *file; /* its name in the working directory */
} settings = {"dump.rdb"};

bool snapshot_start(void)
{
    rdb_formats_add(rdb_formats);
    return snapshot_read();
}
