/* type: what differs between the types of values, as a row for each.
 *
 * A row holds what the keyspace and the commands for any key must know of a
 * type. They index it by an entry's type, so a new type is a new row and no
 * `switch` anywhere. What other parts know of types is in tables of their
 * own. */
#ifndef STORE_TYPE_H
#define STORE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/entry.h"

struct type_row {
    const char *name; /* what TYPE returns */

    /* Frees what the value has allocated outside the entry, not the entry. NULL
     * if values of the type never do. */
    void (*free)(struct entry *e);

    /* Frees about so many elements of a value that no client reaches any more.
     * Returns whether there are more; if not, `free` takes what is left. NULL
     * if values of the type are always freed at once. */
    bool (*free_some)(struct entry *e, size_t count);
};

extern const struct type_row type_rows[TYPE_COUNT];

/* Frees an entry and its value. It must not be in a dict any more. */
void entry_free(struct entry *e);

#endif
