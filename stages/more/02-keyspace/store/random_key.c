/* random_key: chooses a random node of a dict, or a random key of a database.
 *
 * Buckets are drawn until one is not empty, then a node of its chain. About one
 * bucket in eight or more is in use, so a few draws are enough. */
#include "more/02-keyspace/store/random_key.h"

#include "common/random.h"
#include "store/entry.h"
#include "store/keyspace.h"

enum { TRIES_MAX = 100 };

/* Draws from the buckets that can hold a node: while a resize is under way the
 * beginning of table[0] is empty. */
struct dict_node *dict_random_bucket(const struct dict *d)
{
    size_t moved = dict_is_rehashing(d) ? d->next_to_move : 0;
    size_t bucket =
        moved + (size_t)random_below(d->size[0] + d->size[1] - moved);
    return bucket < d->size[0] ? d->table[0][bucket]
                               : d->table[1][bucket - d->size[0]];
}

struct dict_node *dict_random(struct dict *d)
{
    struct dict_node *node = NULL;
    if (dict_count(d) == 0)
        return NULL;
    while (!node)
        node = dict_random_bucket(d);
    struct dict_node *chosen = node;
    size_t length = 1;
    while ((node = node->next)) {
        if (random_below(++length) == 0)
            chosen = node;
    }
    return chosen;
}

/* The lookup deletes a key whose time has come, so each try that finds none has
 * made the database smaller, unless keys may not be deleted for now. */
struct entry *db_random(struct db *db)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        struct entry *e = (struct entry *)dict_random(&db->keys);
        if (!e || lookup_write(db, entry_key(e)))
            return e;
    }
    return NULL;
}
