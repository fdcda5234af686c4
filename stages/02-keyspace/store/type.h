/* type: what differs between the types of values, as rows. */
#ifndef STORE_TYPE_H
#define STORE_TYPE_H

#include "store/entry.h"

struct type_row {
    const char *name; /* what TYPE returns */

    /* Frees what the value holds outside the entry. NULL: never anything. */
    void (*free)(struct entry *e);
};

extern const struct type_row type_rows[TYPE_COUNT];

/* Frees an entry and its value. */
void entry_free(struct entry *e);

#endif
