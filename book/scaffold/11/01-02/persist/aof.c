const struct config_row aof_config[] = {
    {CONFIG_VALUE(BOOL, "appendonly", settings.is_on, "no")},
    {.name = NULL},
};
