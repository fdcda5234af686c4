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

/* A name with '|' is a row's, not a client's: it only leads from the container
 * to the subcommand. */
const struct command *command_of(int argc, const struct slice *argv)
{
    char name[NAME_MAX_BYTES];
    if (memchr(argv[0].ptr, '|', argv[0].len))
        return NULL;
    const struct command *command = command_find(argv[0]);
    if (!command || command->handler || argc < 2)
        return command;
    size_t len = argv[0].len + 1 + argv[1].len;
    if (len > sizeof name)
        return command;
    memcpy(name, argv[0].ptr, argv[0].len);
    name[argv[0].len] = '|';
    memcpy(name + argv[0].len + 1, argv[1].ptr, argv[1].len);
    const struct command *sub = command_find((struct slice){name, len});
    return sub ? sub : command;
}
