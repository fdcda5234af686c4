/* prefetch: loads keys that are about to be looked up into the processor's
 * cache.
 *
 * Memory delivers ten cache lines that are asked for together about as fast as
 * one. A lookup reads a bucket, then a node, then the value; here each of these
 * steps is taken for several keys before the next one begins. */
#include "more/02-keyspace/store/prefetch.h"

#include <stdint.h>

#include "store/dict.h"
#include "store/entry.h"
#include "store/keyspace.h"

/* Returns the index of the first table that may hold a node of that hash. */
static int first_table(const struct dict *d, uint64_t hash)
{
    return dict_is_rehashing(d) && (hash & (d->size[0] - 1)) < d->next_to_move;
}

/* Returns the bucket of a hash in one of the tables. */
static struct dict_node **bucket_of(const struct dict *d, int t, uint64_t hash)
{
    return &d->table[t][hash & (d->size[t] - 1)];
}

/* Asks for the buckets, then for their first nodes, then for those after
 * them. */
void dict_prefetch(const struct dict *d, const struct slice *keys,
                   struct dict_node **nodes, size_t count)
{
    uint64_t hashes[PREFETCH_MAX];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = dict_hash(keys[i]);
        for (int t = first_table(d, hashes[i]); t < 2 && d->table[t]; t++)
            __builtin_prefetch(bucket_of(d, t, hashes[i]));
    }
    for (size_t i = 0; i < count; i++) {
        nodes[i] = *bucket_of(d, first_table(d, hashes[i]), hashes[i]);
        __builtin_prefetch(nodes[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i])
            __builtin_prefetch(nodes[i]->next);
    }
}

/* The value, when it is not in the entry itself. */
static void prefetch_value(const struct entry *e)
{
    if (e->encoding != ENCODING_EMBSTR && e->encoding != ENCODING_INT)
        __builtin_prefetch(entry_pointer(e));
}

bool db_prefetch(const struct db *db, const struct slice *keys, size_t count)
{
    struct dict_node *nodes[PREFETCH_MAX];
    if (dict_count(&db->keys) < PREFETCH_LARGE)
        return false;
    dict_prefetch(&db->keys, keys, nodes, count);
    for (size_t i = 0; i < count; i++) {
        if (nodes[i])
            prefetch_value((const struct entry *)nodes[i]);
    }
    return true;
}
