#include "more/02-keyspace/command/key_specs.h"

#include <string.h>

#include "net/client.h"
#include "net/reply.h"

/* Uses of a key by the names that clients know, in the order of their lists. */
static const struct choice use_names[] = {
    {"RO", KEY_RO},
    {"RW", KEY_RW},
    {"OW", KEY_OW},
    {"RM", KEY_RM},
    {"access", KEY_ACCESS},
    {"update", KEY_UPDATE},
    {"insert", KEY_INSERT},
    {"delete", KEY_DELETE},
    {"not_key", KEY_NOT_KEY},
    {"variable_flags", KEY_VARIABLE},
    {NULL, 0},
};

void reply_names_of(struct client *c, const struct choice *names,
                    unsigned flags)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (; names->name; names++) {
        if (flags & (unsigned)names->value) {
            reply_simple(c, names->name);
            count++;
        }
    }
    reply_end_aggregate(c, begun, REPLY_SET, count);
}

void reply_key_use(struct client *c, unsigned use)
{
    reply_names_of(c, use_names, use);
}

void reply_tips(struct client *c, const struct command_doc *doc)
{
    struct output_block *begun = reply_begin(c);
    size_t count = 0;
    for (const char *tip = doc->tips; tip && *tip; count++) {
        size_t len = strcspn(tip, " ");
        reply_bulk(c, (struct slice){tip, len});
        tip += len + strspn(tip + len, " ");
    }
    reply_end_aggregate(c, begun, REPLY_SET, count);
}

/* Replies with one of the two steps by which keys are found: what kind of step
 * it is, then its numbers, for which the caller replies. */
static void reply_step(struct client *c, const char *step, const char *type,
                       size_t numbers)
{
    reply_bulk_text(c, step);
    reply_map(c, 2);
    reply_bulk_text(c, "type");
    reply_bulk_text(c, type);
    reply_bulk_text(c, "spec");
    reply_map(c, numbers);
}

/* Replies with a number under its name. */
static void reply_number(struct client *c, const char *name, int number)
{
    reply_bulk_text(c, name);
    reply_integer(c, number);
}

/* Replies with the first step: where the keys begin. */
static void reply_begin_search(struct client *c, const struct key_spec *spec)
{
    if (spec->is_unknown) {
        reply_step(c, "begin_search", "unknown", 0);
    } else if (spec->keyword) {
        reply_step(c, "begin_search", "keyword", 2);
        reply_bulk_text(c, "keyword");
        reply_bulk_text(c, spec->keyword);
        reply_number(c, "startfrom", spec->first);
    } else {
        reply_step(c, "begin_search", "index", 1);
        reply_number(c, "index", spec->first);
    }
}

/* Replies with the second step: which arguments from there on are keys. */
static void reply_find_keys(struct client *c, const struct key_spec *spec)
{
    if (spec->is_unknown) {
        reply_step(c, "find_keys", "unknown", 0);
    } else if (spec->is_counted) {
        reply_step(c, "find_keys", "keynum", 3);
        reply_number(c, "keynumidx", 0);
        reply_number(c, "firstkey", 1);
        reply_number(c, "keystep", spec->step);
    } else {
        reply_step(c, "find_keys", "range", 3);
        reply_number(c, "lastkey", spec->last);
        reply_number(c, "keystep", spec->step);
        reply_number(c, "limit", spec->limit);
    }
}

/* Replies with a specification: what happens to the keys, and the two steps. */
static void reply_key_spec(struct client *c, const struct key_spec *spec)
{
    reply_map(c, spec->notes ? 4 : 3);
    if (spec->notes) {
        reply_bulk_text(c, "notes");
        reply_bulk_text(c, spec->notes);
    }
    reply_bulk_text(c, "flags");
    reply_key_use(c, spec->use);
    reply_begin_search(c, spec);
    reply_find_keys(c, spec);
}

void reply_key_specs(struct client *c, const struct command_doc *doc)
{
    size_t count = 0;
    while (count < KEY_SPECS_MAX && doc->keys[count].step > 0)
        count++;
    reply_aggregate(c, REPLY_SET, count);
    for (size_t i = 0; i < count; i++)
        reply_key_spec(c, &doc->keys[i]);
}
