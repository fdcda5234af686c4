const struct command snapshot_commands[] = {
    {.name = "save", .arity = 1, .handler = save_command},
    {.name = NULL},
};
