#include "more/05-hashes-sets/command/value_scan.h"

#include "command/errors.h"
#include "command/lookup.h"
#include "command/scan.h"
#include "common/glob.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/field.h"
#include "store/hash.h"
#include "store/set.h"

enum { STEPS_PER_ELEMENT = 10 }; /* that COUNT asks for */

/* A reply that is being written. */
struct listing {
    struct client *client;
    struct slice pattern; /* NULL: all elements */
    bool has_values;
    int64_t seen; /* elements, wanted or not */
    size_t count; /* texts written */
};

/* The pattern "*" matches every name, also the empty one, with which it is not
 * compared. */
void list_element(struct listing *l, struct slice name, struct slice value)
{
    l->seen++;
    if (l->pattern.ptr && !slice_equal(l->pattern, SLICE("*")) &&
        !glob_match(l->pattern, name, false))
        return;
    reply_bulk(l->client, name);
    if (l->has_values)
        reply_bulk(l->client, value);
    l->count += l->has_values ? 2 : 1;
}

/* Lists some elements of a dict. Returns the next cursor. */
static uint64_t list_some(struct listing *l, const struct value_scan *how,
                          struct dict *d, const struct scan *scan)
{
    uint64_t cursor = scan->cursor;
    int64_t steps = scan->count > INT64_MAX / STEPS_PER_ELEMENT
                        ? INT64_MAX
                        : scan->count * STEPS_PER_ELEMENT;
    do
        cursor = dict_scan(d, cursor, how->visit, l);
    while (cursor && steps-- > 0 && l->seen < scan->count);
    return cursor;
}

/* Parses the arguments from the cursor to before `end`. */
static bool scan_until_or_reply(struct client *c, int end, struct scan *scan)
{
    int argc = c->argc;
    c->argc = end;
    bool valid = scan_or_reply(c, 2, scan);
    c->argc = argc;
    return valid;
}

/* Parses the options. TYPE is for SCAN alone. Replies with an error and returns
 * false if one is invalid. */
static bool options_or_reply(struct client *c, struct scan *scan)
{
    for (int i = 3; i < c->argc; i += 2) {
        if (!slice_is(c->argv[i], "type"))
            continue;
        if (scan_until_or_reply(c, i, scan))
            reply_error(c, ERR_SYNTAX);
        return false;
    }
    return scan_until_or_reply(c, c->argc, scan);
}

/* As in Redis the cursor is looked at before the key, and the options after
 * it. */
void scan_value(struct client *c, const struct value_scan *how)
{
    struct scan scan;
    struct entry *e;
    uint64_t cursor = 0;
    char text[INT64_TEXT_MAX];
    if (!scan_until_or_reply(c, 3, &scan) ||
        !read_typed_or_reply(c, c->argv[1], how->type, &e) ||
        (e && !options_or_reply(c, &scan)))
        return;
    struct listing l = {.client = c,
                        .pattern = scan.filter.pattern,
                        .has_values = how->has_values};
    reply_array(c, 2);
    struct output_block *next = reply_begin(c);
    struct output_block *elements = reply_begin(c);
    struct dict *d = e ? how->dict_of(e) : NULL;
    if (d)
        cursor = list_some(&l, how, d, &scan);
    else if (e)
        how->list_all(&l, e);
    reply_end_aggregate(c, elements, REPLY_ARRAY, l.count);
    reply_end_bulk(c, next, (struct slice){text, format_uint64(text, cursor)});
}

/* Returns the hash table of a hash or set that has one. */
static struct dict *hash_table(const struct entry *e)
{
    return e->encoding == ENCODING_HASHTABLE ? entry_pointer(e) : NULL;
}

/* What dict_scan calls for each field or member. */
static void list_field(void *context, struct dict_node *node)
{
    const struct field *f = (struct field *)node;
    list_element(context, field_name(f), field_value(f));
}

static void list_fields(struct listing *l, const struct entry *e)
{
    struct slice name, value;
    struct hash_iterator it;
    hash_iterate(&it, e);
    while (hash_next(&it, &name, &value))
        list_element(l, name, value);
}

static void list_members(struct listing *l, const struct entry *e)
{
    struct slice name;
    struct set_iterator it;
    set_iterate(&it, e);
    while (set_next(&it, &name))
        list_element(l, name, SLICE(""));
}

const struct value_scan hash_scan = {.type = TYPE_HASH,
                                     .has_values = true,
                                     .dict_of = hash_table,
                                     .visit = list_field,
                                     .list_all = list_fields};
const struct value_scan set_scan = {.type = TYPE_SET,
                                    .dict_of = hash_table,
                                    .visit = list_field,
                                    .list_all = list_members};
