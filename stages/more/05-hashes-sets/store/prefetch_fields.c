#include "more/05-hashes-sets/store/prefetch_fields.h"

#include "more/02-keyspace/store/prefetch.h"
#include "store/entry.h"
#include "store/keyspace.h"

/* Returns the hash table of a key's value if it is large, or NULL. */
static struct dict *large_table(struct db *db, struct slice key)
{
    const struct entry *e = (struct entry *)dict_find(&db->keys, key);
    if (!e || e->encoding != ENCODING_HASHTABLE)
        return NULL;
    struct dict *d = entry_pointer(e);
    return dict_count(d) < PREFETCH_LARGE ? NULL : d;
}

bool prefetch_fields(struct db *db, const struct slice *keys,
                     const struct slice *names, size_t count)
{
    struct dict_node *nodes[PREFETCH_MAX];
    size_t next;
    bool is_useful = false;
    for (size_t i = 0; i < count; i = next) {
        for (next = i; next < count && names[next].ptr; next++) {
            if (!slice_equal(keys[next], keys[i]))
                break;
        }
        size_t run = next - i;
        struct dict *d = run > 1 ? large_table(db, keys[i]) : NULL;
        if (d) {
            dict_prefetch(d, names + i, nodes, run);
            is_useful = true;
        }
        if (run == 0)
            next++;
    }
    return is_useful;
}
