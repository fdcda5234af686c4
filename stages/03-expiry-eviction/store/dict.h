/* dict: a hash table that grows and shrinks without a pause.
 *
 *   table[0]   [0] -> a -> d          a power of two of buckets, chains in
 *              [1]                    them; the nodes are the caller's, and
 *              [2] -> b               begin with the link
 *              [3] -> c
 *
 *   table[1]   while it is resized: each operation moves one bucket from
 *              table[0], so that no single one pays for all
 *
 * Find, insert, remove: O(1). Growing doubles, when there are as many nodes as
 * buckets; shrinking waits until seven buckets in eight are empty and leaves
 * half of the new ones free, so that a table that breathes is not resized with
 * each breath. Hashes are SipHash with a random key. Knows nothing of what a
 * node holds but its key. */
#ifndef STORE_DICT_H
#define STORE_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct dict_node {
    struct dict_node *next; /* in the same bucket */
};

struct dict_type {
    struct slice (*key)(const struct dict_node *node);
    void (*free)(struct dict_node *node);

    /* Whether a larger table of so many bytes may be made; NULL: always. When
     * it may not, the chains get longer, up to a bound. */
    bool (*may_grow)(size_t bytes);
};

struct dict {
    const struct dict_type *type;
    struct dict_node **table[2]; /* NULL: none */
    size_t size[2]; /* buckets, 0 or a power of two */
    size_t used[2]; /* nodes */
    size_t next_to_move; /* the bucket of table[0] that moves next */
    int iterators; /* nothing moves while there are any */
};

void dict_init(struct dict *d, const struct dict_type *type);

/* Frees all nodes and the tables. */
void dict_free(struct dict *d);

size_t dict_count(const struct dict *d);
uint64_t dict_hash(struct slice key);

/* The node of that key, or NULL. */
struct dict_node *dict_find(struct dict *d, struct slice key);

/* Where the pointer to the node of that key stands, or NULL; storing another
 * node of the same key there replaces it. Valid until the dict is used again. */
struct dict_node **dict_find_link(struct dict *d, struct slice key,
                                  uint64_t hash);

/* Inserts a node whose key is not there yet. */
void dict_insert(struct dict *d, struct dict_node *node, uint64_t hash);

/* Takes the node out without freeing it; NULL when there is none. */
struct dict_node *dict_remove(struct dict *d, struct slice key);

/* The node that was at `from` is at `to` now, with the same key and link. The
 * bytes at `from` are not looked at. */
void dict_moved(struct dict *d, const struct dict_node *from,
                struct dict_node *to);

/* Writes up to `count` nodes from neighbouring buckets, beginning at a random
 * one. Returns how many. */
size_t dict_sample(struct dict *d, struct dict_node **out, size_t count);

/* One step of a walk over the whole dict, through calls that may be far apart:
 * visits some nodes and returns the next cursor, 0 at the end. A node that is
 * there from the first to the last step is visited at least once, also when
 * the table is resized between steps. `visit` may not change the dict. */
typedef void dict_visit_fn(void *context, struct dict_node *node);
uint64_t dict_scan(struct dict *d, uint64_t cursor, dict_visit_fn *visit,
                   void *context);

/* Visits every node once. `visit` may not change the dict. */
void dict_each(struct dict *d, dict_visit_fn *visit, void *context);

/* Moves up to `buckets` buckets of a resize under way; false when there is
 * nothing to move. */
bool dict_rehash(struct dict *d, size_t buckets);
bool dict_is_rehashing(const struct dict *d);

#endif
