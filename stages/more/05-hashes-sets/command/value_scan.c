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

/* Adds an element that matches to the reply. The pattern "*" matches every
 * name, also the empty one, with which it is not compared. */
static void list(struct listing *l, struct slice name, struct slice value)
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

/* What dict_scan calls for each element. */
static void list_node(void *context, struct dict_node *node)
{
    const struct field *f = (struct field *)node;
    list(context, field_name(f), field_value(f));
}

/* Lists some elements of a hash table. Returns the next cursor. */
static uint64_t list_some(struct listing *l, struct dict *d,
                          const struct scan *scan)
{
    uint64_t cursor = scan->cursor;
    int64_t steps = scan->count > INT64_MAX / STEPS_PER_ELEMENT
                        ? INT64_MAX
                        : scan->count * STEPS_PER_ELEMENT;
    do
        cursor = dict_scan(d, cursor, list_node, l);
    while (cursor && steps-- > 0 && l->seen < scan->count);
    return cursor;
}

/* Lists all elements of a packed value, whatever COUNT says: it has no place to
 * go on from that would last. */
static void list_all(struct listing *l, const struct entry *e)
{
    struct slice name, value = SLICE("");
    struct hash_iterator fields;
    struct set_iterator members;
    if (l->has_values) {
        hash_iterate(&fields, e);
        while (hash_next(&fields, &name, &value))
            list(l, name, value);
    } else {
        set_iterate(&members, e);
        while (set_next(&members, &name))
            list(l, name, value);
    }
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
void scan_value(struct client *c, enum type type)
{
    struct scan scan;
    struct entry *e;
    uint64_t cursor = 0;
    char text[INT64_TEXT_MAX];
    if (!scan_until_or_reply(c, 3, &scan) ||
        !read_typed_or_reply(c, c->argv[1], type, &e) ||
        (e && !options_or_reply(c, &scan)))
        return;
    struct listing l = {.client = c,
                        .pattern = scan.filter.pattern,
                        .has_values = type == TYPE_HASH};
    reply_array(c, 2);
    struct output_block *next = reply_begin(c);
    struct output_block *elements = reply_begin(c);
    if (e && e->encoding == ENCODING_HASHTABLE)
        cursor = list_some(&l, entry_pointer(e), &scan);
    else if (e)
        list_all(&l, e);
    reply_end_aggregate(c, elements, REPLY_ARRAY, l.count);
    reply_end_bulk(c, next, (struct slice){text, format_uint64(text, cursor)});
}
