/* pick, inside: few of many are drawn one by one, and the same one again does
 * not count. Many are chosen by one pass, in which each element is taken with
 * the chance that is right for what is still wanted of what is still to come
 * (Knuth, The Art of Computer Programming 3.4.2, algorithm S). */
#include "more/05-hashes-sets/store/pick.h"

#include "common/random.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/store/random_key.h"
#include "store/field.h"
#include "store/hash.h"
#include "store/intset.h"
#include "store/listpack.h"
#include "store/set.h"

enum {
    FEW = 3, /* a third of all, or less */
    CHAIN_MAX = 8 /* one bucket in a million has more */
};

/* Draws a bucket and a place in its chain, until there is a node: in a bucket
 * alone the nodes of short chains would be chosen more often. Hardly a chain is
 * longer than CHAIN_MAX, and what is behind shares the last place. */
static struct dict_node *random_node(const struct dict *d)
{
    struct dict_node *chosen = NULL;
    while (!chosen) {
        uint64_t place = random_below(CHAIN_MAX);
        bool is_last = place == CHAIN_MAX - 1;
        chosen = dict_random_bucket(d);
        for (; chosen && place > 0; place--)
            chosen = chosen->next;
        struct dict_node *node = is_last && chosen ? chosen->next : NULL;
        for (uint64_t sharing = 2; node; node = node->next, sharing++) {
            if (random_below(sharing) == 0)
                chosen = node;
        }
    }
    return chosen;
}

/* Draws from a hash table. */
static void draw_nodes(struct dict *d, size_t count, picked_fn *fn,
                       void *context)
{
    bool goes_on = true;
    for (; count > 0 && goes_on; count--) {
        const struct field *f = (struct field *)random_node(d);
        goes_on = fn(context, field_name(f), field_value(f));
    }
}

/* Draws from an intset, where each integer has its place. */
static void draw_integers(const struct intset *s, size_t count, picked_fn *fn,
                          void *context)
{
    bool goes_on = true;
    for (; count > 0 && goes_on; count--) {
        char text[INT64_TEXT_MAX];
        size_t index = (size_t)random_below(s->count);
        size_t len = format_int64(text, intset_get(s, index));
        goes_on = fn(context, (struct slice){text, len}, SLICE(""));
    }
}

/* Draws from a listpack: finds out where all fields are, once. */
static void draw_pairs(const uint8_t *pack, size_t count, picked_fn *fn,
                       void *context)
{
    size_t pairs = listpack_count(pack) / 2;
    size_t *places = zmalloc(pairs * sizeof *places);
    size_t at = listpack_first(pack);
    for (size_t i = 0; i < pairs; i++) {
        places[i] = at;
        at = listpack_next(pack, listpack_next(pack, at));
    }
    bool goes_on = true;
    for (; count > 0 && goes_on; count--) {
        char scratch[2][INT64_TEXT_MAX];
        at = places[random_below(pairs)];
        struct slice field = listpack_get(pack, at, scratch[0]);
        at = listpack_next(pack, at);
        goes_on = fn(context, field, listpack_get(pack, at, scratch[1]));
    }
    zfree(places);
}

void pick_any(const struct entry *e, size_t count, picked_fn *fn, void *context)
{
    void *value = entry_pointer(e);
    if (e->encoding == ENCODING_HASHTABLE)
        draw_nodes(value, count, fn, context);
    else if (e->encoding == ENCODING_INTSET)
        draw_integers(value, count, fn, context);
    else
        draw_pairs(value, count, fn, context);
}

/* Those that have been drawn already, and what gets the others. */
struct drawing {
    struct dict *seen; /* fields without values */
    size_t wanted; /* more of them */
    picked_fn *fn;
    void *context;
};

/* Passes an element on unless it was drawn before. */
static bool pass_on_once(void *context, struct slice name, struct slice value)
{
    struct drawing *drawing = context;
    if (!fields_set(drawing->seen, name, SLICE("")))
        return true;
    return drawing->fn(drawing->context, name, value) && --drawing->wanted > 0;
}

/* A pass over all elements: what is wanted of those that are left. */
struct pass {
    size_t wanted, left;
};

/* Whether the next element is taken. */
static bool takes(struct pass *pass)
{
    bool taken = random_below(pass->left--) < pass->wanted;
    pass->wanted -= taken;
    return taken;
}

/* Goes over a hash and picks fields. */
static void pass_hash(const struct entry *e, struct pass pass, picked_fn *fn,
                      void *context)
{
    struct hash_iterator it;
    struct slice field, value;
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value)) {
        if (takes(&pass))
            fn(context, field, value);
    }
}

/* Goes over a set and picks members. */
static void pass_set(const struct entry *e, struct pass pass, picked_fn *fn,
                     void *context)
{
    struct set_iterator it;
    struct slice member;
    set_iterate(&it, e);
    while (set_next(&it, &member)) {
        if (takes(&pass))
            fn(context, member, SLICE(""));
    }
}

void pick_distinct(const struct entry *e, size_t count, picked_fn *fn,
                   void *context)
{
    bool is_hash = e->type == TYPE_HASH;
    size_t all = is_hash ? hash_length(e) : set_size(e);
    if (count > all)
        count = all;
    if (e->encoding == ENCODING_HASHTABLE && count > 0 && count <= all / FEW) {
        struct drawing drawing = {fields_create(), count, fn, context};
        pick_any(e, SIZE_MAX, pass_on_once, &drawing);
        fields_free(drawing.seen);
    } else if (is_hash) {
        pass_hash(e, (struct pass){count, all}, fn, context);
    } else {
        pass_set(e, (struct pass){count, all}, fn, context);
    }
}
