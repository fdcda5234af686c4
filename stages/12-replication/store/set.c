#include "store/set.h"

#include "common/zmalloc.h"
#include "store/field.h"
#include "store/intset.h"
#include "store/settings.h"

struct entry *set_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_SET, ENCODING_INTSET);
    entry_set_pointer(e, intset_create());
    return e;
}

static bool is_intset(const struct entry *e)
{
    return e->encoding == ENCODING_INTSET;
}

size_t set_size(const struct entry *e)
{
    if (!e)
        return 0;
    if (is_intset(e))
        return ((const struct intset *)entry_pointer(e))->count;
    return dict_count(entry_pointer(e));
}

bool set_has(const struct entry *e, struct slice member)
{
    int64_t integer;
    size_t index;
    if (!e)
        return false;
    if (!is_intset(e))
        return fields_find(entry_pointer(e), member);
    return parse_int64(member, &integer) &&
           intset_find(entry_pointer(e), integer, &index);
}

/* Moves all members into a hash table. */
static void convert(struct entry *e)
{
    struct dict *members = fields_create();
    struct set_iterator it;
    struct slice member;
    set_iterate(&it, e);
    while (set_next(&it, &member))
        fields_set(members, member, SLICE(""));
    zfree(entry_pointer(e));
    e->encoding = ENCODING_HASHTABLE;
    entry_set_pointer(e, members);
}

bool set_add(struct entry *e, struct slice member)
{
    int64_t integer;
    size_t index;
    if (is_intset(e) && !parse_int64(member, &integer))
        convert(e);
    if (!is_intset(e))
        return fields_set(entry_pointer(e), member, SLICE(""));
    if (intset_find(entry_pointer(e), integer, &index))
        return false;
    entry_set_pointer(e, intset_insert(entry_pointer(e), index, integer));
    if (set_size(e) > (uint64_t)store_settings.intset_entries)
        convert(e);
    return true;
}

bool set_remove(struct entry *e, struct slice member)
{
    int64_t integer;
    size_t index;
    if (!is_intset(e))
        return fields_remove(entry_pointer(e), member);
    if (!parse_int64(member, &integer) ||
        !intset_find(entry_pointer(e), integer, &index))
        return false;
    entry_set_pointer(e, intset_delete(entry_pointer(e), index));
    return true;
}

void set_iterate(struct set_iterator *it, const struct entry *e)
{
    it->entry = e;
    it->index = 0;
    it->nodes.dict = NULL;
    if (e && !is_intset(e))
        dict_iterate(&it->nodes, entry_pointer(e));
}

bool set_next(struct set_iterator *it, struct slice *member)
{
    if (it->nodes.dict) {
        const struct field *f = (struct field *)dict_next(&it->nodes);
        if (f)
            *member = field_name(f);
        return f;
    }
    if (it->index == set_size(it->entry))
        return false;
    int64_t integer = intset_get(entry_pointer(it->entry), it->index++);
    *member = (struct slice){it->scratch, format_int64(it->scratch, integer)};
    return true;
}

void set_iterate_end(struct set_iterator *it)
{
    dict_iterate_end(&it->nodes);
}

void set_free(struct entry *e)
{
    if (is_intset(e))
        zfree(entry_pointer(e));
    else
        fields_free(entry_pointer(e));
}

bool set_free_some(struct entry *e, size_t count)
{
    return !is_intset(e) && dict_free_some(entry_pointer(e), count);
}
