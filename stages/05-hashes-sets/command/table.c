/* table: all commands, and finding one by its name.
 *
 * The hash of a name chooses its slot; if another name has that slot, the
 * search goes on at the next one, up to a free slot. Adding and finding are
 * O(1). Subcommands are rows like any other, named "object|encoding"; the row
 * of the container, "object", has no handler. */
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "command/command.h"

enum {
    SLOTS = 2048, /* a power of two, well above the number of rows */
    NAME_MAX_BYTES = 64
};

static const struct command *slots[SLOTS];

/* Returns the slot of that name, or the free one where it would be. The hash is
 * FNV-1a of the name in lower case. It needs no secret seed: the names in the
 * table are the server's own, so a client cannot make them collide. */
static const struct command **find_slot(struct slice name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)tolower((unsigned char)name.ptr[i])) *
               16777619U;
    size_t i = hash & (SLOTS - 1);
    while (slots[i] && !slice_is(name, slots[i]->name))
        i = (i + 1) & (SLOTS - 1);
    return &slots[i];
}

void commands_add(const struct command *rows)
{
    for (; rows->name; rows++)
        *find_slot(slice_of(rows->name)) = rows;
}

const struct command *command_find(struct slice name)
{
    return *find_slot(name);
}

/* Returns the row of "container|name", or NULL. */
static const struct command *find_subcommand(struct slice container,
                                             struct slice name)
{
    char full[NAME_MAX_BYTES];
    if (container.len + 1 + name.len > sizeof full)
        return NULL;
    memcpy(full, container.ptr, container.len);
    full[container.len] = '|';
    memcpy(full + container.len + 1, name.ptr, name.len);
    return command_find((struct slice){full, container.len + 1 + name.len});
}

const struct command *command_of(int argc, const struct slice *argv)
{
    if (memchr(argv[0].ptr, '|', argv[0].len))
        return NULL;
    const struct command *command = command_find(argv[0]);
    if (!command || command->handler || argc < 2)
        return command;
    const struct command *sub = find_subcommand(argv[0], argv[1]);
    return sub ? sub : command;
}
