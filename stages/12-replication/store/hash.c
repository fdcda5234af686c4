/* hash, inside: the encoding follows from what is set.
 *
 *   field or value longer than hash-max-listpack-value?     -> hash table
 *   more fields than hash-max-listpack-entries then?        -> hash table
 *
 * It is looked at only here, where a field is set, so a hash that was packed
 * before a limit was lowered stays so until its next change. */
#include "store/hash.h"

#include "common/zmalloc.h"
#include "store/field.h"
#include "store/listpack.h"
#include "store/settings.h"

enum { PACK_BYTES_MAX = 1 << 30 }; /* whatever the settings allow */

struct entry *hash_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_HASH, ENCODING_LISTPACK);
    entry_set_pointer(e, listpack_create());
    return e;
}

static bool is_packed(const struct entry *e)
{
    return e->encoding == ENCODING_LISTPACK;
}

size_t hash_length(const struct entry *e)
{
    return is_packed(e) ? listpack_count(entry_pointer(e)) / 2
                        : dict_count(entry_pointer(e));
}

bool hash_find(const struct entry *e, struct slice field,
               char scratch[INT64_TEXT_MAX], struct slice *value)
{
    if (!is_packed(e)) {
        const struct field *f = fields_find(entry_pointer(e), field);
        if (f)
            *value = field_value(f);
        return f;
    }
    const uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, field, 2);
    bool found = at != listpack_end(pack);
    if (found)
        *value = listpack_get(pack, listpack_next(pack, at), scratch);
    return found;
}

/* Moves all fields into a hash table. */
static void convert(struct entry *e)
{
    struct dict *fields = fields_create();
    struct hash_iterator it;
    struct slice field, value;
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value))
        fields_set(fields, field, value);
    zfree(entry_pointer(e));
    e->encoding = ENCODING_HASHTABLE;
    entry_set_pointer(e, fields);
}

/* Returns whether the field and the value are short enough for a listpack. */
static bool may_be_packed(const uint8_t *pack, struct slice field,
                          struct slice value)
{
    uint64_t longest = (uint64_t)store_settings.hash_pack_value;
    return field.len <= longest && value.len <= longest &&
           listpack_bytes(pack) + field.len + value.len <= PACK_BYTES_MAX;
}

/* Sets a field of a packed hash. Returns whether it is new. */
static bool set_packed(struct entry *e, struct slice field, struct slice value)
{
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, field, 2);
    bool is_new = at == listpack_end(pack);
    if (is_new)
        pack = listpack_insert(pack, at, field);
    at = listpack_next(pack, at);
    if (!is_new)
        pack = listpack_delete(pack, at, 1);
    entry_set_pointer(e, listpack_insert(pack, at, value));
    return is_new;
}

bool hash_set(struct entry *e, struct slice field, struct slice value)
{
    if (is_packed(e) && !may_be_packed(entry_pointer(e), field, value))
        convert(e);
    if (!is_packed(e))
        return fields_set(entry_pointer(e), field, value);
    bool is_new = set_packed(e, field, value);
    if (hash_length(e) > (uint64_t)store_settings.hash_pack_entries)
        convert(e);
    return is_new;
}

bool hash_delete(struct entry *e, struct slice field)
{
    if (!is_packed(e))
        return fields_remove(entry_pointer(e), field);
    uint8_t *pack = entry_pointer(e);
    size_t at = listpack_find(pack, field, 2);
    bool found = at != listpack_end(pack);
    if (found)
        entry_set_pointer(e, listpack_delete(pack, at, 2));
    return found;
}

void hash_iterate(struct hash_iterator *it, const struct entry *e)
{
    it->entry = e;
    if (is_packed(e))
        it->at = listpack_first(entry_pointer(e));
    else
        dict_iterate(&it->nodes, entry_pointer(e));
}

bool hash_next(struct hash_iterator *it, struct slice *field,
               struct slice *value)
{
    if (!is_packed(it->entry)) {
        const struct field *f = (struct field *)dict_next(&it->nodes);
        if (f) {
            *field = field_name(f);
            *value = field_value(f);
        }
        return f;
    }
    const uint8_t *pack = entry_pointer(it->entry);
    if (it->at == listpack_end(pack))
        return false;
    *field = listpack_get(pack, it->at, it->scratch[0]);
    it->at = listpack_next(pack, it->at);
    *value = listpack_get(pack, it->at, it->scratch[1]);
    it->at = listpack_next(pack, it->at);
    return true;
}

void hash_free(struct entry *e)
{
    if (is_packed(e))
        zfree(entry_pointer(e));
    else
        fields_free(entry_pointer(e));
}

bool hash_free_some(struct entry *e, size_t count)
{
    return !is_packed(e) && dict_free_some(entry_pointer(e), count);
}
