/* random_key: chooses a random node of a dict, or a random key of a database.
 *
 * There are at most eight buckets for each node, and eight places in a chain:
 * some ten to sixty draws find one. */
#include "more/02-keyspace/store/random_key.h"

#include <stdbool.h>
#include <stdint.h>

#include "common/random.h"
#include "store/entry.h"
#include "store/keyspace.h"

enum {
    TRIES_MAX = 100,
    CHAIN_MAX = 8 /* one bucket in a million has more */
};

/* Draws from the buckets that can hold a node: while a resize is under way the
 * beginning of table[0] is empty. */
static struct dict_node *random_bucket(const struct dict *d)
{
    size_t moved = dict_is_rehashing(d) ? d->next_to_move : 0;
    size_t bucket =
        moved + (size_t)random_below(d->size[0] + d->size[1] - moved);
    return bucket < d->size[0] ? d->table[0][bucket]
                               : d->table[1][bucket - d->size[0]];
}

/* A node of a bucket that is not empty: those in short chains are chosen more
 * often. */
static struct dict_node *random_of_bucket(const struct dict *d)
{
    struct dict_node *node = NULL;
    if (dict_count(d) == 0)
        return NULL;
    while (!node)
        node = random_bucket(d);
    struct dict_node *chosen = node;
    size_t length = 1;
    while ((node = node->next)) {
        if (random_below(++length) == 0)
            chosen = node;
    }
    return chosen;
}

/* A bucket is drawn, and a place in its chain, until there is a node: in a
 * bucket alone the nodes of short chains would be chosen more often. Hardly a
 * chain is longer than CHAIN_MAX, and what is behind shares the last place. */
struct dict_node *dict_random(struct dict *d)
{
    struct dict_node *chosen = NULL;
    if (dict_count(d) == 0)
        return NULL;
    while (!chosen) {
        uint64_t place = random_below(CHAIN_MAX);
        bool is_last = place == CHAIN_MAX - 1;
        chosen = random_bucket(d);
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

/* The lookup deletes a key whose time has come, so each try that finds none has
 * made the database smaller, unless keys may not be deleted for now. */
struct entry *db_random(struct db *db)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        struct entry *e = (struct entry *)random_of_bucket(&db->keys);
        if (!e || lookup_write(db, entry_key(e)))
            return e;
    }
    return NULL;
}
