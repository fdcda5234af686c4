/* table: the list of families, and finding a command in it. */
#include <ctype.h>
#include <stddef.h>

#include "command/command.h"
#include "command/families.h"

/* clang-format off */
const struct command_family command_families[] = {
    {"connection", connection_commands},
    {"connection", client_commands},
    {"string", string_commands},
    {"string", lcs_commands},
    {"generic", key_commands},
    {"server", database_commands},
    {"connection", select_commands},
    {"server", server_commands},
    {"server", command_commands},
    {"server", acl_commands},
    {"server", config_commands},
    {"server", info_commands},
    {NULL, NULL},
};
/* clang-format on */

enum { SLOTS = 2048 }; /* a power of two, well above the number of rows */

struct slot {
    struct command row; /* first: a row is its slot */
    struct command_stats stats;
};

static struct slot slots[SLOTS];

/* FNV-1a of the name in lower case: the names are ours, so nobody can choose
 * them to collide. */
static size_t slot_of(struct slice name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)tolower((unsigned char)name.ptr[i])) *
               16777619U;
    return hash & (SLOTS - 1);
}

void commands_open(void)
{
    for (const struct command_family *f = command_families; f->group; f++) {
        for (const struct command *row = f->commands; row->name; row++) {
            size_t i = slot_of(slice_of(row->name));
            while (slots[i].row.name)
                i = (i + 1) & (SLOTS - 1);
            slots[i].row = *row;
        }
    }
}

const struct command *command_find(struct slice name)
{
    size_t i = slot_of(name);
    while (slots[i].row.name && !slice_is(name, slots[i].row.name))
        i = (i + 1) & (SLOTS - 1);
    return slots[i].row.name ? &slots[i].row : NULL;
}

/* The counters stand behind the row in its slot, so that the rows themselves
 * can be constant. */
struct command_stats *command_stats(const struct command *command)
{
    return &((struct slot *)command)->stats;
}

void command_stats_reset(void)
{
    for (size_t i = 0; i < SLOTS; i++)
        slots[i].stats = (struct command_stats){0};
}
