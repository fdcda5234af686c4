const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
    [TYPE_LIST] = {.name = "list",
                   .free = list_free,
                   .free_some = list_free_some},
    [TYPE_SET] = {.name = "set", .free = set_free, .free_some = set_free_some},
    [TYPE_ZSET] = {.name = "zset", .free = zset_free},
    [TYPE_HASH] = {.name = "hash",
                   .free = hash_free,
                   .free_some = hash_free_some},
};
