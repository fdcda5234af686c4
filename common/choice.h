/* choice: words that stand for values, as rows.
 *
 * A table ends with a row without a name. Where values are flags, several of
 * them may be set in one number. */
#ifndef COMMON_CHOICE_H
#define COMMON_CHOICE_H

#include "slice.h"

struct choice {
    const char *name;
    int value;
};

/* The row of that name in either case, or NULL. */
const struct choice *choice_find(const struct choice *table, struct slice name);

/* The first name of the value; NULL when it has none. */
const char *choice_name(const struct choice *table, int value);

#endif
