const struct config_row aof_config[] = {
    {CONFIG_VALUE(BOOL, "appendonly", settings.is_on, "no")},
    {CONFIG_VALUE(CHOICE, "appendfsync", aof_log.fsync, "everysec"),
     .choices = fsync_choices},
    {.name = NULL},
};
