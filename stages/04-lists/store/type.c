/* type, inside: the rows, in the order of enum type. This file alone knows all
 * types; each type's own file knows its encodings. */
#include "store/type.h"

#include "common/zmalloc.h"
#include "store/list.h"
#include "store/string.h"

const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
    [TYPE_LIST] = {.name = "list", .free = list_free},
};

void entry_free(struct entry *e)
{
    if (type_rows[e->type].free)
        type_rows[e->type].free(e);
    zfree(e);
}
