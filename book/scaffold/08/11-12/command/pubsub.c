const struct command pubsub_commands[] = {
    {.name = "subscribe", .arity = -2, .handler = subscribe_command},
    {.name = "psubscribe", .arity = -2, .handler = subscribe_command},
    {.name = NULL},
};
