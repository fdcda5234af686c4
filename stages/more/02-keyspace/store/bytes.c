#include "more/02-keyspace/store/bytes.h"

#include <limits.h>

#include "common/zmalloc.h"
#include "store/dict.h"

enum { SHARED_INTEGERS = 10000 }; /* 0 to 9999 */

/* Only a raw string has memory outside of its entry. */
static size_t string_bytes(const struct entry *e, size_t samples)
{
    (void)samples;
    return e->encoding == ENCODING_RAW ? zmalloc_usable_size(entry_pointer(e))
                                       : 0;
}

static type_bytes_fn *types[TYPE_COUNT] = {[TYPE_STRING] = string_bytes};

void type_bytes_set(enum type type, type_bytes_fn *fn)
{
    types[type] = fn;
}

size_t entry_bytes(const struct entry *e, size_t samples)
{
    return zmalloc_usable_size(e) + types[e->type](e, samples);
}

size_t dict_bytes(const struct dict *d)
{
    return (d->size[0] + d->size[1]) * sizeof(struct dict_node *);
}

static bool (*shares_integers)(void);

void entry_sharing_set(bool (*fn)(void))
{
    shares_integers = fn;
}

int entry_references(const struct entry *e)
{
    if (shares_integers && !shares_integers())
        return 1;
    bool is_shared = e->encoding == ENCODING_INT && entry_integer(e) >= 0 &&
                     entry_integer(e) < SHARED_INTEGERS;
    return is_shared ? INT_MAX : 1;
}
