#include "choice.h"

const struct choice *choice_find(const struct choice *table, struct slice name)
{
    while (table->name && !slice_is(name, table->name))
        table++;
    return table->name ? table : NULL;
}

const char *choice_name(const struct choice *table, int value)
{
    while (table->name && table->value != value)
        table++;
    return table->name;
}
