const struct command expire_commands[] = {
    {.name = "ttl", .arity = 2, .handler = ttl_command},
    {.name = "pttl", .arity = 2, .handler = pttl_command},
    {.name = NULL},
};
