/* introspect: COMMAND, by which clients learn what a server can do.
 *
 * All of it comes from the rows of the table. */
#include <stdio.h>
#include <string.h>

#include "command/args.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/key_positions.h"
#include "common/glob.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

/* Flags by the names that clients know, in the order of their lists. */
static const struct choice flag_names[] = {
    {"write", CMD_WRITE},
    {"readonly", CMD_READONLY},
    {"denyoom", CMD_DENYOOM},
    {"admin", CMD_ADMIN},
    {"pubsub", CMD_PUBSUB},
    {"noscript", CMD_NOSCRIPT},
    {"loading", CMD_LOADING},
    {"stale", CMD_STALE},
    {"skip_monitor", CMD_SKIP_MONITOR},
    {"fast", CMD_FAST},
    {"no_auth", CMD_NO_AUTH},
    {"no_async_loading", CMD_NO_ASYNC_LOADING},
    {"no_multi", CMD_NO_MULTI},
    {"movablekeys", CMD_MOVABLE_KEYS},
    {"allow_busy", CMD_ALLOW_BUSY},
    {NULL, 0},
};

/* Categories, by which rules for users speak of many commands at once: those
 * with one of the flags, those of the group, and some by name. */
static const struct category {
    const char *name;
    unsigned flags;
    const char *group;
    const char *commands; /* with a space on both sides of each */
} categories[] = {
    {"@keyspace", 0, "generic", " dbsize flushall flushdb swapdb "},
    {"@read", CMD_READONLY, "", ""},
    {"@write", CMD_WRITE, "", ""},
    {"@string", 0, "string", ""},
    {"@pubsub", CMD_PUBSUB, "", ""},
    {"@admin", CMD_ADMIN, "", ""},
    {"@fast", CMD_FAST, "", ""},
    {"@slow", ~0U, "", ""}, /* all that are not fast */
    {"@dangerous", CMD_ADMIN, "", " flushall flushdb info keys swapdb "},
    {"@connection", 0, "connection", " command "},
    {NULL, 0, NULL, NULL},
};

/* Whether the command belongs to the category. A container without a handler
 * belongs to no group. */
static bool is_in(const struct command *row, const struct category *category)
{
    char word[64];
    snprintf(word, sizeof word, " %.*s ", (int)strcspn(row->name, "|"),
             row->name);
    if (category->flags == ~0U)
        return !(row->flags & CMD_FAST);
    return row->flags & category->flags || strstr(category->commands, word) ||
           (row->handler &&
            strcmp(command_family_of(row)->group, category->group) == 0);
}

/* Flags and categories are sets of simple strings. */
static void reply_flags(struct client *c, unsigned flags)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (const struct choice *f = flag_names; f->name; f++) {
        if (flags & (unsigned)f->value) {
            reply_simple(c, f->name);
            count++;
        }
    }
    reply_end_set(c, begun, count);
}

/* The categories of a command. */
static void reply_categories(struct client *c, const struct command *row)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (const struct category *category = categories; category->name;
         category++) {
        if (is_in(row, category)) {
            reply_simple(c, category->name);
            count++;
        }
    }
    reply_end_set(c, begun, count);
}

/* Whether a command is meant; `value` says more. */
typedef bool test_fn(const struct command *row, struct slice value);

/* Subcommands are told of with their containers, not by themselves. */
static bool is_no_subcommand(const struct command *row, struct slice value)
{
    (void)value;
    return !strchr(row->name, '|');
}

/* "client|id" is one of "client". */
static bool is_subcommand_of(const struct command *row, struct slice container)
{
    return strncmp(row->name, container.ptr, container.len) == 0 &&
           row->name[container.len] == '|';
}

/* COMMAND LIST without a filter names subcommands, too. */
static bool is_any(const struct command *row, struct slice value)
{
    (void)row, (void)value;
    return true;
}

/* There are no modules. */
static bool is_of_module(const struct command *row, struct slice module)
{
    (void)row, (void)module;
    return false;
}

/* FILTERBY ACLCAT name */
static bool is_in_category(const struct command *row, struct slice name)
{
    const struct category *category = categories;
    while (category->name && !slice_is(name, category->name + 1))
        category++;
    return category->name && is_in(row, category);
}

/* FILTERBY PATTERN pattern */
static bool has_name_like(const struct command *row, struct slice pattern)
{
    return glob_match(pattern, slice_of(row->name), true);
}

/* Answers with each command that passes the test through `each`; returns how
 * many there are. */
static size_t reply_each(struct client *c, test_fn *passes, struct slice value,
                         void (*each)(struct client *c,
                                      const struct command *row))
{
    size_t count = 0;
    for (const struct command_family *f = command_families; f->group; f++) {
        for (const struct command *r = f->commands; r->name; r++) {
            if (passes(r, value)) {
                each(c, r);
                count++;
            }
        }
    }
    return count;
}

/* The ten things that are told about a command. */
static void reply_row(struct client *c, const struct command *row)
{
    reply_array(c, 10);
    reply_bulk_text(c, row->name);
    reply_integer(c, row->arity);
    reply_flags(c, row->flags);
    reply_integer(c, row->keys.first);
    reply_integer(c, row->keys.last);
    reply_integer(c, row->keys.step);
    reply_categories(c, row);
    reply_set(c, 0); /* advice for clients */
    reply_set(c, 0); /* how keys are found, at length */
    struct output_block *begun = reply_begin(c);
    size_t count =
        reply_each(c, is_subcommand_of, slice_of(row->name), reply_row);
    if (count > 0)
        reply_end_array(c, begun, count);
    else
        reply_end_set(c, begun, 0);
}

/* For those who only count. */
static void reply_nothing(struct client *c, const struct command *row)
{
    (void)c, (void)row;
}

/* The name alone. */
static void reply_name(struct client *c, const struct command *row)
{
    reply_bulk_text(c, row->name);
}

/* Name and description, one beside the other. */
static void reply_docs(struct client *c, const struct command *row)
{
    struct slice name = slice_of(row->name);
    size_t subcommands = reply_each(c, is_subcommand_of, name, reply_nothing);
    reply_bulk(c, name);
    reply_map(c, subcommands > 0 ? 3 : 2);
    reply_bulk_text(c, "summary");
    reply_bulk_text(c, row->summary);
    reply_bulk_text(c, "group");
    reply_bulk_text(c, command_family_of(row)->group);
    if (subcommands > 0) {
        reply_bulk_text(c, "subcommands");
        reply_map(c, subcommands);
        reply_each(c, is_subcommand_of, name, reply_docs);
    }
}

/* COMMAND COUNT */
static void command_count_command(struct client *c)
{
    reply_integer(
        c, (int64_t)reply_each(c, is_no_subcommand, SLICE(""), reply_nothing));
}

/* COMMAND INFO [name ...] */
static void command_info_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    size_t count = (size_t)c->argc - 2;
    if (c->argc <= 2)
        count = reply_each(c, is_no_subcommand, SLICE(""), reply_row);
    for (int i = 2; i < c->argc; i++) {
        const struct command *row = command_find(c->argv[i]);
        if (row)
            reply_row(c, row);
        else
            reply_null(c);
    }
    reply_end_array(c, begun, count);
}

/* COMMAND, by itself */
static void command_command(struct client *c)
{
    if (c->argc > 1)
        reply_unknown_subcommand(c);
    else
        command_info_command(c);
}

/* COMMAND DOCS [name ...] */
static void command_docs_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    if (c->argc == 2)
        count = reply_each(c, is_no_subcommand, SLICE(""), reply_docs);
    for (int i = 2; i < c->argc; i++) {
        const struct command *row = command_find(c->argv[i]);
        if (row) {
            reply_docs(c, row);
            count++;
        }
    }
    reply_end_map(c, begun, count);
}

/* COMMAND LIST [FILTERBY MODULE|ACLCAT|PATTERN value] */
static void command_list_command(struct client *c)
{
    static const struct choice filters[] = {
        {"module", 0}, {"aclcat", 1}, {"pattern", 2}, {NULL, 0}};
    static test_fn *const tests[] = {is_of_module, is_in_category,
                                     has_name_like};
    int filter;
    test_fn *passes = is_any;
    if (c->argc > 2) {
        if (c->argc != 5 || !slice_is(c->argv[2], "filterby")) {
            reply_error(c, ERR_SYNTAX);
            return;
        }
        if (!arg_choice(c, c->argv[3], filters, &filter, NULL))
            return;
        passes = tests[filter];
    }
    struct output_block *begun = reply_begin(c);
    reply_end_array(c, begun,
                    reply_each(c, passes, c->argv[c->argc - 1], reply_name));
}

/* COMMAND GETKEYS command [argument ...] */
static void command_getkeys_command(struct client *c)
{
    int argc = c->argc - 2;
    const struct slice *argv = c->argv + 2;
    const struct command *row = command_of(argc, argv);
    if (!row || !row->handler) {
        reply_error(c, "ERR Invalid command specified");
    } else if (row->keys.step == 0) {
        reply_error(c, "ERR The command has no key arguments");
    } else if (!command_takes(row, argc)) {
        reply_error(c, "ERR Invalid number of arguments specified for "
                       "command");
    } else {
        int *positions = zmalloc((size_t)argc * sizeof *positions);
        int count = command_keys(row, argc, argv, positions);
        reply_array(c, (size_t)count);
        for (int i = 0; i < count; i++)
            reply_bulk(c, argv[positions[i]]);
        zfree(positions);
    }
}

#define ANYONE (CMD_LOADING | CMD_STALE)

const struct command command_commands[] = {
    {"command", -1, ANYONE | CMD_CONTAINER, NO_KEYS, command_command,
     "Describes all commands."},
    {"command|count", 2, ANYONE, NO_KEYS, command_count_command,
     "Answers how many commands there are."},
    {"command|list", -2, ANYONE, NO_KEYS, command_list_command,
     "Lists the names of commands: all, or those that pass a filter."},
    {"command|info", -2, ANYONE, NO_KEYS, command_info_command,
     "Describes some commands."},
    {"command|docs", -2, ANYONE, NO_KEYS, command_docs_command,
     "Answers what commands are for."},
    {"command|getkeys", -4, ANYONE, NO_KEYS, command_getkeys_command,
     "Answers which arguments of a command are keys."},
    {"command|help", 2, ANYONE, NO_KEYS, reply_help, "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
