const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
    [TYPE_LIST] = {.name = "list", .free = list_free},
    [TYPE_SET] = {.name = "set", .free = set_free},
    [TYPE_HASH] = {.name = "hash", .free = hash_free},
};
