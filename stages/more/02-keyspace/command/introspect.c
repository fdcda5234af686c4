/* introspect: adds COMMAND, by which clients learn what a server can do.
 *
 * A command is described by its row, which has name and arity, and its doc,
 * which has all else. A command without a doc is not described. */
#include "more/02-keyspace/command/introspect.h"

#include <stdio.h>
#include <string.h>

#include "common/choice.h"
#include "common/glob.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/command/subcommand.h"
#include "more/02-keyspace/command/key_positions.h"
#include "more/02-keyspace/command/key_specs.h"
#include "more/02-keyspace/command/synopsis.h"
#include "net/client.h"
#include "net/reply.h"

/* Flags by the names that clients know, in the order of their lists. */
static const struct choice flag_names[] = {
    {"write", DOC_WRITE},
    {"readonly", DOC_READONLY},
    {"denyoom", DOC_DENYOOM},
    {"admin", DOC_ADMIN},
    {"pubsub", DOC_PUBSUB},
    {"noscript", DOC_NOSCRIPT},
    {"blocking", DOC_BLOCKING},
    {"loading", DOC_LOADING},
    {"stale", DOC_STALE},
    {"skip_monitor", DOC_SKIP_MONITOR},
    {"skip_slowlog", DOC_SKIP_SLOWLOG},
    {"fast", DOC_FAST},
    {"no_auth", DOC_NO_AUTH},
    {"no_async_loading", DOC_NO_ASYNC_LOADING},
    {"no_multi", DOC_NO_MULTI},
    {"movablekeys", DOC_MOVABLE_KEYS},
    {"allow_busy", DOC_ALLOW_BUSY},
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
    {"@read", DOC_READONLY, "", ""},
    {"@write", DOC_WRITE, "", ""},
    {"@set", 0, "set", " sort sort_ro "},
    {"@sortedset", 0, "sorted-set", " sort sort_ro "},
    {"@list", 0, "list", " sort sort_ro "},
    {"@hash", 0, "hash", ""},
    {"@string", 0, "string", ""},
    {"@geo", 0, "geo", ""},
    {"@stream", 0, "stream", ""},
    {"@pubsub", DOC_PUBSUB, "", ""},
    {"@admin", DOC_ADMIN, "", " lastsave role "},
    {"@fast", DOC_FAST, "", ""},
    {"@slow", ~0U, "", ""}, /* all that are not fast */
    {"@blocking", DOC_BLOCKING, "", ""},
    {"@dangerous", DOC_ADMIN, "",
     " flushall flushdb info keys lastsave restore role sort sort_ro swapdb "},
    {"@connection", 0, "connection", " command wait "},
    {"@transaction", 0, "transactions", ""},
    {NULL, 0, NULL, NULL},
};

/* The row that the doc describes. */
static const struct command *row_of(const struct command_doc *doc)
{
    return command_find(slice_of(doc->name));
}

/* Whether the command belongs to the category. A container without a handler
 * belongs to no group. */
static bool is_in(const struct command_doc *doc,
                  const struct category *category)
{
    const struct command *row = row_of(doc);
    char word[64];
    snprintf(word, sizeof word, " %.*s ", (int)strcspn(doc->name, "|"),
             doc->name);
    if (category->flags == ~0U)
        return !(doc->flags & DOC_FAST);
    return doc->flags & category->flags || strstr(category->commands, word) ||
           (row && row->handler && !(doc->flags & DOC_APART) &&
            strcmp(doc->group, category->group) == 0);
}

/* The categories of a command. */
static void reply_categories(struct client *c, const struct command_doc *doc)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (const struct category *category = categories; category->name;
         category++) {
        if (is_in(doc, category)) {
            reply_simple(c, category->name);
            count++;
        }
    }
    reply_end_aggregate(c, begun, REPLY_SET, count);
}

/* Whether a command is meant; `value` says more. */
typedef bool test_fn(const struct command_doc *doc, struct slice value);

/* Subcommands are described with their containers, not by themselves. */
static bool is_no_subcommand(const struct command_doc *doc, struct slice value)
{
    (void)value;
    return !strchr(doc->name, '|');
}

/* "client|id" is one of "client". */
static bool is_subcommand_of(const struct command_doc *doc,
                             struct slice container)
{
    return doc_is_part_of(doc, container.ptr);
}

/* COMMAND LIST without a filter names subcommands, too. */
static bool is_any(const struct command_doc *doc, struct slice value)
{
    (void)doc, (void)value;
    return true;
}

/* There are no modules. */
static bool is_of_module(const struct command_doc *doc, struct slice module)
{
    (void)doc, (void)module;
    return false;
}

/* FILTERBY ACLCAT name */
static bool is_in_category(const struct command_doc *doc, struct slice name)
{
    const struct category *category = categories;
    while (category->name && !slice_is(name, category->name + 1))
        category++;
    return category->name && is_in(doc, category);
}

/* FILTERBY PATTERN pattern */
static bool has_name_like(const struct command_doc *doc, struct slice pattern)
{
    return glob_match(pattern, slice_of(doc->name), true);
}

/* Calls `each` for each command that passes the test. Returns how many do. */
static size_t reply_each(struct client *c, test_fn *passes, struct slice value,
                         void (*each)(struct client *c,
                                      const struct command_doc *doc))
{
    size_t count = 0;
    const struct command_doc *doc;
    for (size_t i = 0; (doc = doc_at(i)); i++) {
        if (passes(doc, value) && row_of(doc)) {
            each(c, doc);
            count++;
        }
    }
    return count;
}

/* Replies with ten things about a command. */
static void reply_row(struct client *c, const struct command_doc *doc)
{
    reply_array(c, 10);
    reply_bulk_text(c, doc->name);
    reply_integer(c, row_of(doc)->arity);
    reply_names_of(c, flag_names, doc->flags);
    struct key_range keys = command_key_range(doc);
    reply_integer(c, keys.first);
    reply_integer(c, keys.last);
    reply_integer(c, keys.step);
    reply_categories(c, doc);
    reply_tips(c, doc);
    reply_key_specs(c, doc);
    struct output_block *begun = reply_begin(c);
    size_t count =
        reply_each(c, is_subcommand_of, slice_of(doc->name), reply_row);
    reply_end_aggregate(c, begun, count > 0 ? REPLY_ARRAY : REPLY_SET, count);
}

/* Replies with nothing, for a caller that only counts. */
static void reply_nothing(struct client *c, const struct command_doc *doc)
{
    (void)c, (void)doc;
}

/* Replies with the name alone. */
static void reply_name(struct client *c, const struct command_doc *doc)
{
    reply_bulk_text(c, doc->name);
}

/* Replies with a field of a doc and returns 1, or returns 0 without a value. */
static size_t reply_doc_field(struct client *c, const char *field,
                              const char *value)
{
    if (!value)
        return 0;
    reply_bulk_text(c, field);
    reply_bulk_text(c, value);
    return 1;
}

/* Replies with the set of what to know before using a command, and returns 1,
 * or returns 0 if there is nothing to know. */
static size_t reply_doc_flags(struct client *c, const struct command_doc *doc)
{
    bool is_system = doc->flags & DOC_SYSTEM;
    if (!doc->deprecated_since && !is_system)
        return 0;
    reply_bulk_text(c, "doc_flags");
    reply_aggregate(c, REPLY_SET, 1);
    reply_simple(c, is_system ? "syscmd" : "deprecated");
    return 1;
}

/* Replies with name and description, as a pair. */
static void reply_doc(struct client *c, const struct command_doc *doc)
{
    struct slice name = slice_of(doc->name);
    size_t subcommands = reply_each(c, is_subcommand_of, name, reply_nothing);
    reply_bulk(c, name);
    struct output_block *begun = reply_begin(c);
    size_t fields = reply_doc_field(c, "summary", doc->summary);
    fields += reply_doc_field(c, "since", doc->since);
    fields += reply_doc_field(c, "group", doc->group);
    fields += reply_doc_flags(c, doc);
    fields += reply_doc_field(c, "deprecated_since", doc->deprecated_since);
    fields += reply_doc_field(c, "replaced_by", doc->replaced_by);
    if (doc->synopsis) {
        reply_bulk_text(c, "arguments");
        reply_synopsis(c, doc->synopsis);
        fields++;
    }
    if (subcommands > 0) {
        reply_bulk_text(c, "subcommands");
        reply_map(c, subcommands);
        reply_each(c, is_subcommand_of, name, reply_doc);
        fields++;
    }
    reply_end_aggregate(c, begun, REPLY_MAP, fields);
}

/* The doc of a command that exists, or NULL. */
static const struct command_doc *find_described(struct slice name)
{
    return command_find(name) ? doc_find(name) : NULL;
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
        const struct command_doc *doc = find_described(c->argv[i]);
        if (doc)
            reply_row(c, doc);
        else
            reply_null(c);
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* COMMAND DOCS [name ...] */
static void command_docs_command(struct client *c)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    if (c->argc == 2)
        count = reply_each(c, is_no_subcommand, SLICE(""), reply_doc);
    for (int i = 2; i < c->argc; i++) {
        const struct command_doc *doc = find_described(c->argv[i]);
        if (doc) {
            reply_doc(c, doc);
            count++;
        }
    }
    reply_end_aggregate(c, begun, REPLY_MAP, count);
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
            reply_error(c, SYNTAX_ERROR);
            return;
        }
        if (!choice_or_reply(c, c->argv[3], filters, &filter, NULL))
            return;
        passes = tests[filter];
    }
    struct output_block *begun = reply_begin(c);
    size_t count = reply_each(c, passes, c->argv[c->argc - 1], reply_name);
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* Whether the arguments are COMMAND with a subcommand that does not exist. The
 * table finds that as COMMAND, which by itself is a command, too. */
static bool is_unknown_part(const struct command *row, int argc,
                            const struct slice *argv)
{
    const struct command *part = more_command_subcommands;
    if (row != more_command_commands || argc == 1)
        return false;
    while (part->name && !slice_is(argv[1], strchr(part->name, '|') + 1))
        part++;
    return !part->name;
}

/* Finds the keys of the command in the client's arguments after COMMAND
 * GETKEYS. Returns them and their number, to be freed by the caller. Replies
 * with an error and returns NULL if that command has none. */
static struct key_place *keys_or_reply(struct client *c, int *count)
{
    int argc = c->argc - 2;
    const struct slice *argv = c->argv + 2;
    const struct command *row = command_of(argc, argv);
    const struct command_doc *doc =
        row && row->handler ? doc_find(slice_of(row->name)) : NULL;
    if (!doc || is_unknown_part(row, argc, argv)) {
        reply_error(c, "ERR Invalid command specified");
    } else if (doc->keys[0].step == 0 || doc->keys[0].use & KEY_NOT_KEY) {
        reply_error(c, "ERR The command has no key arguments");
    } else if (!subcommand_takes(row, argc)) {
        reply_error(c, "ERR Invalid number of arguments specified for "
                       "command");
    } else {
        struct key_place *keys = zmalloc((size_t)argc * sizeof *keys);
        *count = command_keys(doc, argc, argv, keys);
        if (*count > 0)
            return keys;
        zfree(keys);
        reply_error(c, "ERR Invalid arguments specified for command");
    }
    return NULL;
}

/* COMMAND GETKEYS command [argument ...] */
static void command_getkeys_command(struct client *c)
{
    int count;
    struct key_place *keys = keys_or_reply(c, &count);
    if (!keys)
        return;
    reply_array(c, (size_t)count);
    for (int i = 0; i < count; i++)
        reply_bulk(c, c->argv[2 + keys[i].index]);
    zfree(keys);
}

/* COMMAND GETKEYSANDFLAGS command [argument ...] */
static void command_getkeysandflags_command(struct client *c)
{
    int count;
    struct key_place *keys = keys_or_reply(c, &count);
    if (!keys)
        return;
    reply_array(c, (size_t)count);
    for (int i = 0; i < count; i++) {
        reply_array(c, 2);
        reply_bulk(c, c->argv[2 + keys[i].index]);
        reply_key_use(c, keys[i].use);
    }
    zfree(keys);
}

const struct command more_command_subcommands[] = {
    {.name = "command|count", .arity = 2, .handler = command_count_command},
    {.name = "command|list", .arity = -2, .handler = command_list_command},
    {.name = "command|info", .arity = -2, .handler = command_info_command},
    {.name = "command|docs", .arity = -2, .handler = command_docs_command},
    {.name = "command|getkeys",
     .arity = -4,
     .handler = command_getkeys_command},
    {.name = "command|getkeysandflags",
     .arity = -4,
     .handler = command_getkeysandflags_command},
    {.name = "command|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};

bool command_subcommand_or_reply(struct client *c)
{
    return subcommand_or_reply(c, more_command_subcommands);
}

/* COMMAND by itself describes all commands. */
const struct command more_command_commands[] = {
    {.name = "command", .arity = -1, .handler = command_info_command},
    {.name = NULL},
};
