static struct {
    const char *file; /* its name in the working directory */
    char *points; /* "3600 1 300 100" */
} settings = {.file = "dump.rdb"};

const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", settings.points, ""), .flags = CONFIG_WORDS},
    {.name = NULL},
};

bool snapshot_start(void)
{
    rdb_formats_add(rdb_formats);
    return snapshot_read();
}
