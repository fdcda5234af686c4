/* list, inside: which elements share a node.
 *
 * An element goes into the node at the end where it is pushed, if that has
 * room, else into a new one. Nodes are not merged when they have become short:
 * a list is mostly used at its ends, where they fill again or go. */
#include "store/list.h"

#include "common/zmalloc.h"
#include "store/listpack.h"
#include "store/settings.h"

enum {
    OVERHEAD = 8, /* bytes of an element besides its data, as Redis estimates */
    SAFE_BYTES = 8192, /* of a node, whatever number of elements is allowed */
    SIZES = 5
};

/* Bytes of a node for list-max-listpack-size -1 to -5. */
static const size_t node_bytes[SIZES] = {4096, 8192, 16384, 32768, 65536};

struct entry *list_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_LIST, ENCODING_QUICKLIST);
    entry_set_pointer(e, zcalloc(1, sizeof(struct list)));
    return e;
}

struct list *entry_list(const struct entry *e)
{
    return entry_pointer(e);
}

/* A positive setting is a number of elements, a negative one stands for a
 * size. */
bool list_node_has_room(const struct list_node *node, size_t len)
{
    int64_t most = store_settings.list_node_max;
    size_t bytes = listpack_bytes(node->pack) + len + OVERHEAD;
    if (most >= 0)
        return bytes <= SAFE_BYTES && node->count < (uint64_t)most;
    return bytes <= node_bytes[most < -SIZES ? SIZES - 1 : -most - 1];
}

struct list_node *list_add_node(struct list *l, struct list_node *previous,
                                struct list_node *next)
{
    struct list_node *node = zmalloc(sizeof *node);
    *node = (struct list_node){next, previous, listpack_create(), 0};
    if (previous)
        previous->next = node;
    else
        l->head = node;
    if (next)
        next->previous = node;
    else
        l->tail = node;
    return node;
}

void list_push(struct list *l, enum list_end end, struct slice value)
{
    bool at_head = end == LIST_HEAD;
    struct list_node *node = at_head ? l->head : l->tail;
    if (!node || !list_node_has_room(node, value.len))
        node = at_head ? list_add_node(l, NULL, l->head)
                       : list_add_node(l, l->tail, NULL);
    size_t at = at_head ? listpack_first(node->pack) : listpack_end(node->pack);
    node->pack = listpack_insert(node->pack, at, value);
    node->count++;
    l->length++;
}

/* Finds the node of an index by the counts of the nodes, from the nearer end.
 * *index counts from the start of that node then. */
static struct list_node *find_node(const struct list *l, size_t *index)
{
    struct list_node *node;
    if (*index < l->length / 2) {
        node = l->head;
        for (; *index >= node->count; node = node->next)
            *index -= node->count;
        return node;
    }
    size_t behind = l->length - *index; /* elements from the index on */
    node = l->tail;
    for (; behind > node->count; node = node->previous)
        behind -= node->count;
    *index = node->count - behind;
    return node;
}

struct list_place list_seek(const struct list *l, size_t index)
{
    struct list_node *node = find_node(l, &index);
    return (struct list_place){node, listpack_seek(node->pack, index)};
}

struct list_place list_next(struct list_place place)
{
    place.at = listpack_next(place.node->pack, place.at);
    if (place.at == listpack_end(place.node->pack)) {
        place.node = place.node->next;
        place.at = place.node ? listpack_first(place.node->pack) : 0;
    }
    return place;
}

struct list_place list_previous(struct list_place place)
{
    if (place.at == listpack_first(place.node->pack)) {
        place.node = place.node->previous;
        if (!place.node)
            return place;
        place.at = listpack_end(place.node->pack);
    }
    place.at = listpack_previous(place.node->pack, place.at);
    return place;
}

struct slice list_value(struct list_place place, char scratch[INT64_TEXT_MAX])
{
    return listpack_get(place.node->pack, place.at, scratch);
}

void list_drop_node(struct list *l, struct list_node *node)
{
    if (node->previous)
        node->previous->next = node->next;
    else
        l->head = node->next;
    if (node->next)
        node->next->previous = node->previous;
    else
        l->tail = node->previous;
    l->length -= node->count;
    zfree(node->pack);
    zfree(node);
}

/* A node of which all elements go is dropped without a look at them. */
void list_remove(struct list *l, size_t index, size_t count)
{
    struct list_node *node = count > 0 ? find_node(l, &index) : NULL;
    while (count > 0) {
        struct list_node *next = node->next;
        size_t here = node->count - index;
        if (here > count)
            here = count;
        count -= here;
        if (here == node->count) {
            list_drop_node(l, node);
        } else {
            size_t at = listpack_seek(node->pack, index);
            node->pack = listpack_delete(node->pack, at, here);
            node->count -= here;
            l->length -= here;
        }
        node = next;
        index = 0;
    }
}

void list_free(struct entry *e)
{
    struct list *l = entry_list(e);
    while (l->head)
        list_drop_node(l, l->head);
    zfree(l);
}

bool list_free_some(struct entry *e, size_t count)
{
    struct list *l = entry_list(e);
    for (; l->head && count > 0; count--)
        list_drop_node(l, l->head);
    return l->head;
}
