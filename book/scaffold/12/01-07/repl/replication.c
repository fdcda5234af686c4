const struct config_row replication_config[] = {
    {.name = NULL},
};
