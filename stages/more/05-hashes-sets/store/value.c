#include "more/05-hashes-sets/store/value.h"

#include <string.h>

#include "common/zmalloc.h"
#include "more/02-keyspace/store/bytes.h"
#include "store/field.h"
#include "store/hash.h"
#include "store/intset.h"
#include "store/listpack.h"
#include "store/set.h"

/* The nodes that were not looked at count as much as those that were. */
static size_t table_bytes(struct dict *d, size_t samples)
{
    struct dict_iterator it;
    const struct dict_node *node;
    size_t bytes = 0, seen = 0, count = dict_count(d);
    dict_iterate(&it, d);
    while ((!samples || seen < samples) && (node = dict_next(&it))) {
        bytes += zmalloc_usable_size(node);
        seen++;
    }
    dict_iterate_end(&it);
    if (seen > 0 && seen < count)
        bytes = (size_t)((double)bytes * (double)count / (double)seen);
    return zmalloc_usable_size(d) + dict_bytes(d) + bytes;
}

size_t collection_bytes(const struct entry *e, size_t samples)
{
    void *value = entry_pointer(e);
    return e->encoding == ENCODING_HASHTABLE ? table_bytes(value, samples)
                                             : zmalloc_usable_size(value);
}

/* Gives a copy the same bytes. It has an empty value of the same encoding. */
static void copy_packed(struct entry *copy, const struct entry *e, size_t bytes)
{
    zfree(entry_pointer(copy));
    void *value = zmalloc(bytes);
    memcpy(value, entry_pointer(e), bytes);
    entry_set_pointer(copy, value);
}

/* Gives a copy the same fields in a hash table. */
static void copy_table(struct entry *copy, const struct entry *e)
{
    struct dict *d = fields_create();
    struct dict_iterator it;
    const struct field *f;
    dict_iterate(&it, entry_pointer(e));
    while ((f = (struct field *)dict_next(&it)))
        fields_set(d, field_name(f), field_value(f));
    zfree(entry_pointer(copy));
    copy->encoding = ENCODING_HASHTABLE;
    entry_set_pointer(copy, d);
}

struct entry *hash_copy(const struct entry *e, struct slice key)
{
    struct entry *copy = hash_create(key);
    if (e->encoding == ENCODING_HASHTABLE)
        copy_table(copy, e);
    else
        copy_packed(copy, e, listpack_bytes(entry_pointer(e)));
    return copy;
}

struct entry *set_copy(const struct entry *e, struct slice key)
{
    struct entry *copy = set_create(key);
    const struct intset *s = entry_pointer(e);
    if (e->encoding == ENCODING_HASHTABLE)
        copy_table(copy, e);
    else
        copy_packed(copy, e, sizeof *s + (size_t)s->count * s->width);
    return copy;
}

/* A field is mixed with its value; the pairs are in no order. */
void hash_digest(const struct entry *e, struct digest *d)
{
    struct hash_iterator it;
    struct slice field, value;
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value)) {
        struct digest pair = {{0}};
        digest_mix(&pair, field);
        digest_mix(&pair, value);
        digest_add(d, (struct slice){(char *)pair.bytes, sizeof pair.bytes});
    }
}

void set_digest(const struct entry *e, struct digest *d)
{
    struct set_iterator it;
    struct slice member;
    set_iterate(&it, e);
    while (set_next(&it, &member))
        digest_add(d, member);
}
