#include "more/02-keyspace/store/copy.h"

#include "common/zmalloc.h"
#include "more/02-keyspace/store/embedded.h"
#include "store/keyspace.h"
#include "store/string.h"
#include "store/type.h"

/* The copy has the encoding of the original: a raw string stays one, also where
 * a new string of these bytes would get another. */
static struct entry *copy_string(const struct entry *e, struct slice key)
{
    char scratch[INT64_TEXT_MAX], *data;
    struct slice value = string_value(e, scratch);
    struct entry *copy = string_create(key, value);
    if (e->encoding == ENCODING_RAW && copy->encoding != ENCODING_RAW)
        return string_edit(copy, value.len, &data);
    if (e->encoding == copy->encoding)
        return copy;
    entry_free(copy); /* digits that are text */
    return string_create_embedded(key, value);
}

static type_copy_fn *types[TYPE_COUNT] = {[TYPE_STRING] = copy_string};
static copy_extend_fn *extend;

void type_copy_set(enum type type, type_copy_fn *fn)
{
    types[type] = fn;
}

void copy_extend(copy_extend_fn *fn)
{
    extend = fn;
}

struct entry *entry_copy(const struct entry *e, struct slice key)
{
    struct entry *copy = types[e->type](e, key);
    return extend ? extend(copy, e) : copy;
}

static bool (*delete_replaced)(struct db *db, struct slice key) = db_delete;

void copy_replace_with(bool (*fn)(struct db *db, struct slice key))
{
    delete_replaced = fn;
}

void db_put(struct db *db, struct entry *e)
{
    delete_replaced(db, entry_key(e));
    db_add(db, e);
}

/* db_add would report the key as new. A result has no expiration time. */
void db_store(struct db *db, struct entry *e)
{
    if (delete_replaced(db, entry_key(e)))
        dict_insert(&db->keys, &e->node, dict_hash(entry_key(e)));
    else
        db_add(db, e);
}

/* Returns an entry with another key, which takes over the value; `e` is
 * freed. */
static struct entry *rename_entry(struct entry *e, struct slice key)
{
    struct entry *renamed;
    if (e->encoding == ENCODING_EMBSTR)
        renamed = string_create_embedded(key, entry_embedded(e));
    else
        renamed = entry_create(key, e->type, e->encoding);
    if (e->encoding == ENCODING_INT)
        entry_set_integer(renamed, entry_integer(e));
    else if (e->encoding != ENCODING_EMBSTR)
        entry_set_pointer(renamed, entry_pointer(e));
    renamed = entry_inherit(renamed, e);
    zfree(e); /* not entry_free: the value has a new owner */
    return renamed;
}

void db_rename(struct db *db, struct slice from, struct slice to)
{
    db_put(db, rename_entry(db_take(db, from), to));
}

/* Swaps all but the ids: each client points to its database by its index. */
void db_swap(struct db *a, struct db *b)
{
    struct db was = *a;
    *a = *b;
    *b = was;
    b->id = a->id;
    a->id = was.id;
}
