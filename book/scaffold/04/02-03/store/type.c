const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
    [TYPE_LIST] = {.name = "list", .free = string_free},
};
