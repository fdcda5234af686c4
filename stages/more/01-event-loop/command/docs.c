#include "more/01-event-loop/command/docs.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

enum { NAME_MAX_BYTES = 64, PREVIEW_MAX_BYTES = 128 };

enum { SLOTS = 1024 }; /* a power of two, well above the number of rows */

static const struct command_doc **docs; /* in the order in which they came */
static size_t doc_count;
static size_t slots[SLOTS]; /* by the hash of the name: place in docs, plus 1 */

/* Returns the slot of the row of that name, or the free one where it would be.
 * The names are the server's own, so that the hash needs no seed. */
static size_t *find_slot(struct slice name)
{
    size_t hash = 0;
    for (size_t i = 0; i < name.len; i++)
        hash = hash * 31 + (size_t)tolower((unsigned char)name.ptr[i]);
    size_t slot = hash & (SLOTS - 1);
    while (slots[slot] && !slice_is(name, docs[slots[slot] - 1]->name))
        slot = (slot + 1) & (SLOTS - 1);
    return &slots[slot];
}

void docs_add(const struct command_doc *rows)
{
    for (; rows->name; rows++) {
        size_t *slot = find_slot(slice_of(rows->name));
        if (!*slot) {
            docs = zrealloc(docs, ++doc_count * sizeof *docs);
            *slot = doc_count;
        }
        docs[*slot - 1] = rows;
    }
}

const struct command_doc *doc_at(size_t i)
{
    return i < doc_count ? docs[i] : NULL;
}

const struct command_doc *doc_find(struct slice name)
{
    return doc_at(*find_slot(name) - 1); /* of none: SIZE_MAX, no place */
}

bool doc_is_part_of(const struct command_doc *doc, const char *container)
{
    size_t len = strlen(container);
    return strncmp(doc->name, container, len) == 0 && doc->name[len] == '|';
}

/* Writes the name up to a '|' in capitals. */
static const char *upper(char out[NAME_MAX_BYTES], const char *name)
{
    size_t len = strcspn(name, "|");
    for (size_t i = 0; i < len; i++)
        out[i] = (char)toupper((unsigned char)name[i]);
    out[len] = '\0';
    return out;
}

/* Replies with the first line of a help. */
static void reply_help_title(struct client *c, const char *container)
{
    char name[NAME_MAX_BYTES], line[PREVIEW_MAX_BYTES];
    snprintf(line, sizeof line,
             "%s <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
             upper(name, container));
    reply_simple(c, line);
}

/* The name of the subcommand that the doc describes. */
static const char *subcommand_name(const struct command_doc *doc)
{
    return strchr(doc->name, '|') + 1;
}

/* Replies with two lines: the subcommand with its arguments, and what it
 * does. */
static void reply_help_line(struct client *c, const struct command_doc *doc)
{
    char name[NAME_MAX_BYTES], line[256];
    snprintf(line, sizeof line, "%s%s%s", upper(name, subcommand_name(doc)),
             doc->syntax ? " " : "", doc->syntax ? doc->syntax : "");
    reply_simple(c, line);
    snprintf(line, sizeof line, "    %s", doc->summary);
    reply_simple(c, line);
}

/* Replies with the lines of a container's subcommands among `count` rows. HELP
 * itself comes last, even if rows were added after it. */
static void reply_help_lines(struct client *c, const char *container,
                             const struct command_doc *const *rows,
                             size_t count)
{
    const struct command_doc *help = NULL;
    size_t lines = 1;
    for (size_t i = 0; i < count; i++)
        lines += doc_is_part_of(rows[i], container) ? 2 : 0;
    reply_array(c, lines);
    reply_help_title(c, container);
    for (size_t i = 0; i < count; i++) {
        if (!doc_is_part_of(rows[i], container))
            continue;
        if (slice_is(SLICE("help"), subcommand_name(rows[i])))
            help = rows[i];
        else
            reply_help_line(c, rows[i]);
    }
    if (help)
        reply_help_line(c, help);
}

void reply_help(struct client *c)
{
    char container[NAME_MAX_BYTES];
    size_t len = strcspn(c->command->name, "|");
    snprintf(container, sizeof container, "%.*s", (int)len, c->command->name);
    reply_help_lines(c, container, docs, doc_count);
}

void reply_help_of(struct client *c, const struct command_doc *rows,
                   const char *container)
{
    size_t count = 0;
    while (rows[count].name)
        count++;
    const struct command_doc **all = zmalloc(count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = &rows[i];
    reply_help_lines(c, container, all, count);
    zfree(all);
}

void reply_wrong_subcommand(struct client *c)
{
    char name[NAME_MAX_BYTES];
    size_t len =
        c->argv[1].len < PREVIEW_MAX_BYTES ? c->argv[1].len : PREVIEW_MAX_BYTES;
    reply_errorf(c,
                 "ERR unknown subcommand or wrong number of arguments for "
                 "'%.*s'. Try %s HELP.",
                 (int)len, c->argv[1].ptr, upper(name, c->command->name));
}
