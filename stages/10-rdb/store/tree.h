/* tree: items in the order of their keys.
 *
 *                  5-0 (90)
 *                 /        \              a key, and a random priority
 *           2-0 (71)      9-0 (38)
 *           /     \
 *      1-0 (12)  4-0 (60)
 *
 * A treap: by its keys it is a binary search tree, and by its priorities a
 * heap, whose largest is on top. The priorities alone decide its shape, and
 * they are random, so that it is about as deep as if the keys had come in
 * random order, whatever order they come in. (Redis has a radix tree in its
 * place, rax.c.)
 *
 *   seek, insert, remove   O(log n)
 *   free_some              O(1) for each node
 *
 * It knows of an item only what `compare` tells it. */
#ifndef STORE_TREE_H
#define STORE_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct tree {
    struct tree_node *root; /* NULL: it is empty */
    size_t count; /* items */

    /* Returns less than, equal to or greater than 0, if the key is below, equal
     * to or above that of the item. */
    int (*compare)(const void *key, const void *item);
};

/* Where an item may be, as seen from a key. */
enum {
    TREE_LESS = 1 << 0,
    TREE_EQUAL = 1 << 1,
    TREE_MORE = 1 << 2,
    TREE_AT_MOST = TREE_LESS | TREE_EQUAL,
    TREE_AT_LEAST = TREE_EQUAL | TREE_MORE
};

/* Returns the nearest item that is where `how` says, or NULL. */
void *tree_seek(const struct tree *t, const void *key, unsigned how);

/* Inserts an item whose key the tree does not have. */
void tree_insert(struct tree *t, const void *key, void *item);

/* Removes the item of a key and returns it, or NULL if there is none. */
void *tree_remove(struct tree *t, const void *key);

/* Removes nodes, in no order, and hands their items to fn unless that is NULL.
 * Takes *count steps at most, two for a node, and writes how many are left.
 * Returns whether there are more nodes. */
bool tree_free_some(struct tree *t, size_t *count, void (*fn)(void *item));

#endif
