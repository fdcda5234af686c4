/* skiplist: elements in the order of their scores, found in O(log n).
 *
 *   head            1 a       2 b       5 c       5 d       7 e
 *  +----+                              +----+
 *  | 3  |----------------------------->| 2  |------------------------> NULL
 *  +----+          +----+              +----+              +----+
 *  | 1  |--------->| 2  |------------->| 2  |------------->| 0  |----> NULL
 *  +----+          +----+    +----+    +----+    +----+    +----+
 *  | 1  |--------->| 1  |--->| 1  |--->| 1  |--->| 1  |--->| 0  |----> NULL
 *  +----+          +----+    +----+    +----+    +----+    +----+
 *         <---------      <---      <---      <---      <---   back
 *
 * Each node is in the list at the bottom, one in four of them also in the list
 * above it, one in four of those in the one above that: by chance, so the lists
 * need no balancing. A search begins at the top, goes on as long as the next
 * node is before the place, and goes down a level there. It passes about two
 * nodes at each level, whatever is in the list.
 *
 * A link knows its span: how many nodes further it leads. The sum of the spans
 * on the way to a node is its rank. (William Pugh, Skip Lists: A Probabilistic
 * Alternative to Balanced Trees; t_zset.c in Redis, which adds the spans and
 * the way back.)
 *
 *   find, seek, link, unlink    O(log n)
 *   the next, the one before    O(1)
 *
 * A node is also a node of a dict, so an element is one allocation, which both
 * share:
 *
 *   8         8       8      4            4        16 for each    member_len
 * +---------+-------+------+------------+--------+--------------+----------+
 * | next in | score | back | member_len | height | next | span  | member   |
 * | bucket  |       |      |            |        |      |       |          |
 * +---------+-------+------+------------+--------+--------------+----------+
 *
 * A list is known by its head, which is a node without an element, as high as
 * any. Knows no dict and no entry. */
#ifndef STORE_SKIPLIST_H
#define STORE_SKIPLIST_H

#include <stddef.h>
#include <stdint.h>

#include "common/slice.h"
#include "store/bound.h"
#include "store/dict.h"

enum { SKIP_HEIGHT_MAX = 16 }; /* enough for four thousand million nodes */

struct skip_level {
    struct skip_node *next; /* NULL: no more at this level */
    size_t span; /* nodes to there; at the end, all that follow */
};

struct skip_node {
    struct dict_node node; /* first: a node is its element */
    double score; /* changes only while the node is in no list */
    struct skip_node *back; /* the one before, or the head */
    uint32_t member_len; /* never changes, as the height */
    uint32_t height;
    struct skip_level levels[]; /* `height` of them, then the member */
};

/* The way to a place: for each level the last node before it, and how many
 * nodes are up to that one. Valid until the list changes. */
struct skip_path {
    struct skip_node *nodes[SKIP_HEIGHT_MAX];
    size_t ranks[SKIP_HEIGHT_MAX];
};

/* Creates the head of an empty list, which the caller frees with zfree, as each
 * of the nodes. */
struct skip_node *skiplist_create(void);

/* Creates a node, of a height that is drawn, which no list has yet. */
struct skip_node *skip_node_create(struct slice member, double score);

/* Returns the bytes of a node's member. */
struct slice skip_node_member(const struct skip_node *node);

/* Finds a bound. Writes the path to it, and returns its rank. */
size_t skiplist_find(struct skip_node *head, const struct bound *b,
                     struct skip_path *path);

/* Returns the node of a rank, which the list must have. */
struct skip_node *skiplist_seek(const struct skip_node *head, size_t rank);

/* Links a node in after a path. */
void skiplist_link(struct skip_node *node, const struct skip_path *path);

/* Unlinks the node after a path and returns it. The path is then one to the
 * node that followed. */
struct skip_node *skiplist_unlink(const struct skip_path *path);

#endif
