/* table: all commands, and finding one by its name.
 *
 * Names are compared one after the other: O(n) in the number of commands. */
#include <assert.h>
#include <stddef.h>

#include "command/command.h"

enum { ROWS_MAX = 64 };

static const struct command *rows[ROWS_MAX];
static int row_count;

/* Returns the index of the row of that name, or row_count if there is none. */
static int find_place(struct slice name)
{
    int place = 0;
    while (place < row_count && !slice_is(name, rows[place]->name))
        place++;
    return place;
}

void commands_add(const struct command *added)
{
    for (; added->name; added++) {
        int place = find_place(slice_of(added->name));
        assert(place < ROWS_MAX);
        rows[place] = added;
        if (place == row_count)
            row_count++;
    }
}

const struct command *command_find(struct slice name)
{
    int place = find_place(name);
    return place < row_count ? rows[place] : NULL;
}
