#include "store/tree.h"

#include <stdint.h>

#include "common/random.h"
#include "common/zmalloc.h"

struct tree_node {
    struct tree_node *left, *right; /* keys below and above; or NULL */
    uint64_t priority; /* not below that of the children */
    void *item;
};

/* An item on the right side of the key is kept while the search goes on for a
 * nearer one. */
void *tree_seek(const struct tree *t, const void *key, unsigned how)
{
    const struct tree_node *node = t->root;
    void *found = NULL;
    while (node) {
        int order = t->compare(key, node->item);
        if (order == 0 && how & TREE_EQUAL)
            return node->item;
        if ((order > 0 && how & TREE_LESS) || (order < 0 && how & TREE_MORE))
            found = node->item;
        bool is_right = order > 0 || (order == 0 && how & TREE_MORE);
        node = is_right ? node->right : node->left;
    }
    return found;
}

/* The node takes the place of the first one with a lower priority. What is
 * below there is split at the key, into its left and its right side. */
void tree_insert(struct tree *t, const void *key, void *item)
{
    struct tree_node *node = zmalloc(sizeof *node), **link = &t->root;
    *node = (struct tree_node){.priority = random_u64(), .item = item};
    while (*link && (*link)->priority >= node->priority)
        link = t->compare(key, (*link)->item) < 0 ? &(*link)->left
                                                  : &(*link)->right;
    struct tree_node *rest = *link, **left = &node->left,
                     **right = &node->right;
    *link = node;
    while (rest) {
        if (t->compare(key, rest->item) < 0) {
            *right = rest;
            right = &rest->left;
            rest = rest->left;
        } else {
            *left = rest;
            left = &rest->right;
            rest = rest->right;
        }
    }
    *left = *right = NULL;
    t->count++;
}

/* What was below the node moves up: always the one with the higher priority. */
void *tree_remove(struct tree *t, const void *key)
{
    struct tree_node **link = &t->root;
    int order;
    while (*link && (order = t->compare(key, (*link)->item)) != 0)
        link = order < 0 ? &(*link)->left : &(*link)->right;
    struct tree_node *node = *link;
    if (!node)
        return NULL;
    struct tree_node *left = node->left, *right = node->right;
    while (left && right) {
        struct tree_node **up =
            left->priority > right->priority ? &left : &right;
        *link = *up;
        link = up == &left ? &left->right : &right->left;
        *up = *link;
    }
    *link = left ? left : right;
    void *item = node->item;
    zfree(node);
    t->count--;
    return item;
}

/* A root without a left side goes. Another one moves down to the right, so that
 * what is left of it comes up: each node does so once at most. */
bool tree_free_some(struct tree *t, size_t *count, void (*fn)(void *item))
{
    for (; t->root && *count > 0; --*count) {
        struct tree_node *root = t->root;
        t->root = root->left;
        if (t->root) {
            root->left = t->root->right;
            t->root->right = root;
            continue;
        }
        t->root = root->right;
        if (fn)
            fn(root->item);
        zfree(root);
        t->count--;
    }
    return t->root;
}
