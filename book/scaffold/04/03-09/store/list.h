/* list: a linked list with a node for each element. */
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
    size_t len;
    char bytes[]; /* the element */
};

struct list {
    struct list_node *head, *tail; /* NULL: the list is empty */
    size_t length; /* elements of all nodes */
};

enum list_end { LIST_HEAD, LIST_TAIL };

/* An element: its node. Valid until the list changes. */
struct list_place {
    struct list_node *node;
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

/* Returns the bytes of an element. */
struct slice list_value(struct list_place place, char scratch[INT64_TEXT_MAX]);

/* Removes `count` elements from an index on; they must be there. */
void list_remove(struct list *l, size_t index, size_t count);

/* Frees an entry's list, with all elements. */
void list_free(struct entry *e);

#endif
