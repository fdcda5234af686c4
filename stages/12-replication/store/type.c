/* type, inside: the rows, in the order of enum type. This file alone knows all
 * types; each type's own file knows its encodings. */
#include "store/type.h"

#include "common/zmalloc.h"
#include "store/hash.h"
#include "store/list.h"
#include "store/set.h"
#include "store/stream.h"
#include "store/string.h"
#include "store/zset.h"

const struct type_row type_rows[TYPE_COUNT] = {
    [TYPE_STRING] = {.name = "string", .free = string_free},
    [TYPE_LIST] = {.name = "list",
                   .free = list_free,
                   .free_some = list_free_some},
    [TYPE_SET] = {.name = "set", .free = set_free, .free_some = set_free_some},
    [TYPE_ZSET] = {.name = "zset",
                   .free = zset_free,
                   .free_some = zset_free_some},
    [TYPE_HASH] = {.name = "hash",
                   .free = hash_free,
                   .free_some = hash_free_some},
    [TYPE_STREAM] = {.name = "stream",
                     .free = stream_free,
                     .free_some = stream_free_some},
};

void entry_free(struct entry *e)
{
    if (type_rows[e->type].free)
        type_rows[e->type].free(e);
    zfree(e);
}
