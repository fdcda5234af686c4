const struct command snapshot_commands[] = {
    {.name = "save", .arity = 1, .handler = save_command},
    {.name = "bgsave", .arity = -1, .handler = bgsave_command},
    {.name = NULL},
};
