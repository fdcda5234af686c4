/* container: commands whose second word chooses, such as CLIENT ID.
 *
 * Subcommands are rows like any other, named "client|id"; the row "client"
 * itself has no handler. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "net/client.h"
#include "net/reply.h"

enum { NAME_MAX_BYTES = 64 };

const struct command *command_find_subcommand(const struct command *container,
                                              struct slice name)
{
    char full[NAME_MAX_BYTES];
    size_t prefix = strlen(container->name) + 1;
    if (prefix + name.len > sizeof full)
        return NULL;
    memcpy(full, container->name, prefix - 1);
    full[prefix - 1] = '|';
    memcpy(full + prefix, name.ptr, name.len);
    return command_find((struct slice){full, prefix + name.len});
}

/* Writes the name's first part in capitals. */
static const char *upper(char out[NAME_MAX_BYTES], const char *name)
{
    size_t len = strcspn(name, "|");
    for (size_t i = 0; i < len; i++)
        out[i] = (char)toupper((unsigned char)name[i]);
    out[len] = '\0';
    return out;
}

void reply_wrong_subcommand(struct client *c)
{
    char name[NAME_MAX_BYTES];
    reply_errorf(c,
                 "ERR unknown subcommand or wrong number of arguments for "
                 "'%.*s'. Try %s HELP.",
                 c->argv[1].len < 128 ? (int)c->argv[1].len : 128,
                 c->argv[1].ptr, upper(name, c->command->name));
}

const struct command_family *command_family_of(const struct command *row)
{
    for (const struct command_family *f = command_families; f->group; f++) {
        for (const struct command *r = f->commands; r->name; r++) {
            if (r->name == row->name)
                return f;
        }
    }
    return NULL;
}

void reply_help_of(struct client *c, const struct command *rows,
                   const char *container)
{
    char name[NAME_MAX_BYTES], line[256];
    size_t prefix = strcspn(container, "|") + 1, lines = 1;
    struct output_block *begun = reply_begin(c);
    snprintf(line, sizeof line,
             "%s <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
             upper(name, container));
    reply_simple(c, line);
    for (const struct command *r = rows; r->name; r++) {
        if (strncmp(r->name, container, prefix) != 0)
            continue;
        snprintf(line, sizeof line, "    %s", r->summary);
        reply_simple(c, upper(name, r->name + prefix));
        reply_simple(c, line);
        lines += 2;
    }
    reply_end_array(c, begun, lines);
}

void reply_help(struct client *c)
{
    reply_help_of(c, command_family_of(c->command)->commands, c->command->name);
}
