/* type: what differs between the types of values, as rows. */
#ifndef STORE_TYPE_H
#define STORE_TYPE_H

#include <stddef.h>
#include <stdint.h>

#include "store/entry.h"

struct digest;

struct type_row {
    const char *name; /* what TYPE answers */

    /* Frees what the value holds outside the entry. NULL: never anything. */
    void (*free)(struct entry *e);

    /* A deep copy of the value under another key. */
    struct entry *(*copy)(const struct entry *e, struct slice key);

    /* Bytes outside the entry; looks at `samples` elements, 0: at all. */
    size_t (*bytes)(const struct entry *e, size_t samples);

    /* Mixes the value into a digest that does not depend on its encoding. */
    void (*digest)(const struct entry *e, struct digest *digest);
};

extern const struct type_row type_rows[TYPE_COUNT];

#endif
