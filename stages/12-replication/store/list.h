/* list: a linked list of listpacks, which Redis calls a quicklist.
 *
 *   entry -> list  head ---> node <---> node <---> node <--- tail
 *                            |          |          |
 *                            listpack   listpack   listpack
 *                            a b c      d e f g    h i
 *
 * A listpack alone would be slow when it is long, since an insert moves all
 * that follows; a linked list of single elements would spend 24 bytes on each
 * besides its own. So each node packs as many elements as
 * list-max-listpack-size allows. No node is empty. (quicklist.c in Redis.)
 *
 *   push or remove at an end      O(1), with the bytes of one node
 *   seek to an index              the nodes up to there, from the nearer end
 *   a step from there             O(1)
 *
 * Knows entries, but not the dict. Commands decide when an empty list goes. */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/numbers.h"
#include "common/slice.h"
#include "store/entry.h"

struct list_node {
    struct list_node *next, *previous; /* NULL at the ends */
    uint8_t *pack; /* the listpack, never empty */
    size_t count; /* its elements */
};

struct list {
    struct list_node *head, *tail; /* NULL: the list is empty */
    size_t length; /* elements of all nodes */
};

enum list_end { LIST_HEAD, LIST_TAIL };

/* An element: its node, and its position in the listpack there. Valid until the
 * list changes. */
struct list_place {
    struct list_node *node;
    size_t at;
};

/* Creates an entry with an empty list, which no dict has yet. */
struct entry *list_create(struct slice key);

/* Returns the list of an entry of that type, which keeps it. */
struct list *entry_list(const struct entry *e);

/* Adds a value at an end. */
void list_push(struct list *l, enum list_end end, struct slice value);

/* Finds the element of an index, which must be below the length. */
struct list_place list_seek(const struct list *l, size_t index);

/* Goes to the next element, or the one before. Its node is NULL if there is
 * none. */
struct list_place list_next(struct list_place place);
struct list_place list_previous(struct list_place place);

/* Returns the bytes of an element, as listpack_get does. */
struct slice list_value(struct list_place place, char scratch[INT64_TEXT_MAX]);

/* Removes `count` elements from an index on; they must be there. */
void list_remove(struct list *l, size_t index, size_t count);

/* Returns whether the setting lets a value of that length into the node. */
bool list_node_has_room(const struct list_node *node, size_t len);

/* Links a new node between two neighbours, NULL where there is none. Its
 * listpack is empty, which the caller must change. */
struct list_node *list_add_node(struct list *l, struct list_node *previous,
                                struct list_node *next);

/* Takes a node out of the list and frees it with its elements. */
void list_drop_node(struct list *l, struct list_node *node);

/* Frees an entry's list, with all elements. */
void list_free(struct entry *e);

/* Frees up to that many nodes. Returns whether there are more; list_free must
 * follow in the end. */
bool list_free_some(struct entry *e, size_t count);

#endif
