const struct config_row replication_config[] = {
    {.name = "replicaof",
     .alias = "slaveof",
     .type = CONFIG_SPECIAL,
     .flags = CONFIG_WORDS | CONFIG_IMMUTABLE,
     .set = set_primary,
     .get = get_primary},
    {CONFIG_VALUE(BOOL, "replica-read-only", is_read_only, "yes"),
     .alias = "slave-read-only"},
    {.name = NULL},
};
