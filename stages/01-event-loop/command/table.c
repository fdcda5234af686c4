/* table: the list of families, and finding a command in it. */
#include <stddef.h>

#include "command/command.h"
#include "command/families.h"

/* clang-format off */
const struct command_family command_families[] = {
    {"connection", connection_commands},
    {"connection", client_commands},
    {NULL, NULL},
};
/* clang-format on */

const struct command *command_find(struct slice name)
{
    for (const struct command_family *f = command_families; f->group; f++) {
        for (const struct command *row = f->commands; row->name; row++) {
            if (slice_is(name, row->name))
                return row;
        }
    }
    return NULL;
}
