const struct config_row snapshot_config[] = {
    {CONFIG_VALUE(TEXT, "save", settings.points, "3600 1 300 100 60 10000"),
     .flags = CONFIG_WORDS},
    {CONFIG_VALUE(TEXT, "dbfilename", settings.file, "dump.rdb"),
     .flags = CONFIG_PROTECTED},
    {CONFIG_VALUE(BOOL, "rdbchecksum", rdb_checksum, "yes"),
     .flags = CONFIG_IMMUTABLE},
    {.name = NULL},
};
