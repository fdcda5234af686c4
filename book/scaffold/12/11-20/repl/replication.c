const struct command replication_commands[] = {
    {.name = "replicaof", .arity = 3, .handler = replicaof_command},
    {.name = "psync", .arity = -3, .handler = psync_command},
    {.name = "replconf", .arity = -1, .handler = replconf_command},
    {.name = "role", .arity = 1, .handler = role_command},
    {.name = NULL},
};
