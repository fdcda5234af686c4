/* dict: a hash table that grows and shrinks without a pause.
 *
 *   table[0]   [0] -> a -> d          a power of two of buckets, each with a
 *              [1]                    chain; the nodes are the caller's, and
 *              [2] -> b               begin with the link
 *              [3] -> c
 *
 *   table[1]   while it is resized: each search moves one bucket from
 *              table[0], so that no single one pays for all
 *
 *   find, insert, remove     O(1), and a bucket of a resize that is under way
 *   dict_scan, a step        a few buckets; up to 64 while the dict shrinks
 *   dict_each, dict_free     all buckets
 *   dict_sample              up to ten buckets for each node asked for
 *
 * The table doubles when there are as many nodes as buckets. It shrinks when
 * there are eight buckets for each node, and has two for each afterwards, so
 * that a dict whose size goes up and down a little is not resized each time.
 * Hashes are SipHash with a random key. Of a node it knows the link and,
 * through dict_type, the key; it does not know what else is in it. */
#ifndef STORE_DICT_H
#define STORE_DICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"

struct dict_node {
    struct dict_node *next; /* in the same bucket; the dict alone changes it */
};

struct dict_type {
    /* Returns the key, which must not change while the node is in a dict. */
    struct slice (*key)(const struct dict_node *node);

    void (*free)(struct dict_node *node); /* called by dict_free only */

    /* Returns whether a larger table of that many bytes may be allocated; NULL:
     * always. Where it may not, chains get longer, up to two nodes for each
     * bucket. */
    bool (*may_grow)(size_t bytes);
};

struct dict {
    const struct dict_type *type;
    struct dict_node **table[2]; /* NULL: none; [1] only during a resize */
    size_t size[2]; /* buckets, 0 or a power of two */
    size_t used[2]; /* nodes */
    size_t next_to_move; /* the bucket of table[0] that moves next; those before
                            it are empty */
    int iterators; /* scans that are visiting nodes: nothing moves meanwhile */
};

void dict_init(struct dict *d, const struct dict_type *type);

/* Frees all nodes and the tables. The dict is empty then, and may be used. */
void dict_free(struct dict *d);

size_t dict_count(const struct dict *d);

/* Returns the hash of a key in any dict, for those calls that take one: a
 * caller that searches and then inserts hashes the key once. */
uint64_t dict_hash(struct slice key);

/* Returns the node of that key, or NULL. Like all that search, it moves a
 * bucket if a resize is under way. */
struct dict_node *dict_find(struct dict *d, struct slice key);

/* Returns the address of the pointer to the node of that key, or NULL. To
 * replace the node, the caller stores another of the same key there, and copies
 * the link. Valid until the dict is used again. */
struct dict_node **dict_find_link(struct dict *d, struct slice key,
                                  uint64_t hash);

/* Inserts a node whose key the dict does not have. */
void dict_insert(struct dict *d, struct dict_node *node, uint64_t hash);

/* Removes the node of that key and returns it, or NULL. The caller frees it. */
struct dict_node *dict_remove(struct dict *d, struct slice key);

/* Must be called when a node has moved in memory: it was at `from` and is at
 * `to` now, with the same key and link. `from` may be freed already. */
void dict_moved(struct dict *d, const struct dict_node *from,
                struct dict_node *to);

/* Writes up to `count` nodes from neighbouring buckets, beginning at a random
 * one, and returns how many. They may be fewer, also when the dict has more:
 * it looks at no more than ten buckets for each node. */
size_t dict_sample(struct dict *d, struct dict_node **out, size_t count);

/* One step of a scan of the whole dict. Visits some nodes, perhaps none, and
 * returns the cursor of the next step, 0 at the end; the first step has cursor
 * 0. Time may pass between steps: a node that is in the dict from the first
 * step to the last is visited at least once, even if the table is resized
 * meanwhile, and perhaps more often. `visit` must not change the dict. */
typedef void dict_visit_fn(void *context, struct dict_node *node);
uint64_t dict_scan(struct dict *d, uint64_t cursor, dict_visit_fn *visit,
                   void *context);

/* Visits every node once. `visit` must not change the dict. */
void dict_each(struct dict *d, dict_visit_fn *visit, void *context);

/* Goes over all nodes, for a caller that wants to do so in a loop of its own.
 * Nothing moves from dict_iterate until dict_next has returned NULL, or until
 * dict_iterate_end, which a caller must call that leaves the loop before. The
 * node that was returned last may be removed meanwhile; nothing else may
 * change. */
struct dict_iterator {
    struct dict *dict; /* NULL: at the end */
    int table; /* of the next node, and its bucket */
    size_t bucket;
    struct dict_node *next; /* NULL: the bucket has no more */
};
void dict_iterate(struct dict_iterator *it, struct dict *d);
struct dict_node *dict_next(struct dict_iterator *it); /* mostly O(1) */
void dict_iterate_end(struct dict_iterator *it);

/* Frees the nodes of up to that many buckets, the tables behind them if they
 * are the last. Returns whether there are more. Between the calls the dict is
 * good for dict_count and nothing else. */
bool dict_free_some(struct dict *d, size_t buckets);

/* Moves up to `buckets` buckets. Returns false if no resize is under way, or
 * nothing may move now. */
bool dict_rehash(struct dict *d, size_t buckets);
bool dict_is_rehashing(const struct dict *d);

#endif
