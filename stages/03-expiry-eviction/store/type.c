#include "store/type.h"

#include "store/string.h"

const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
};
