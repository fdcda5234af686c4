#include "more/04-lists/store/list_edit.h"

#include "store/listpack.h"

/* Moves the elements from a position on into a new node behind the node. A node
 * is never empty: some elements must be before the position, and some from it
 * on. */
static void split(struct list *l, struct list_node *node, size_t at)
{
    struct list_node *rest = list_add_node(l, node, node->next);
    size_t from = at;
    while (from != listpack_end(node->pack)) {
        char scratch[INT64_TEXT_MAX];
        rest->pack = listpack_insert(rest->pack, listpack_end(rest->pack),
                                     listpack_get(node->pack, from, scratch));
        rest->count++;
        from = listpack_next(node->pack, from);
    }
    node->pack = listpack_delete(node->pack, at, rest->count);
    node->count -= rest->count;
}

/* Inserts a value at a position of a node, which may be the end. Where the node
 * has no room, a neighbour may have some, or there is a new node between. */
static void insert(struct list *l, struct list_node *node, size_t at,
                   struct slice value)
{
    bool has_room = list_node_has_room(node, value.len);
    if (!has_room && at == listpack_first(node->pack)) {
        struct list_node *previous = node->previous;
        has_room = previous && list_node_has_room(previous, value.len);
        node = has_room ? previous : list_add_node(l, previous, node);
        at = listpack_end(node->pack);
    } else if (!has_room) {
        if (at != listpack_end(node->pack))
            split(l, node, at);
        struct list_node *next = node->next;
        has_room = next && list_node_has_room(next, value.len);
        node = has_room ? next : list_add_node(l, node, next);
        at = listpack_first(node->pack);
    }
    node->pack = listpack_insert(node->pack, at, value);
    node->count++;
    l->length++;
}

void list_insert_before(struct list *l, struct list_place place,
                        struct slice value)
{
    insert(l, place.node, place.at, value);
}

void list_insert_behind(struct list *l, struct list_place place,
                        struct slice value)
{
    insert(l, place.node, listpack_next(place.node->pack, place.at), value);
}

void list_replace(struct list_place place, struct slice value)
{
    struct list_node *node = place.node;
    node->pack = listpack_delete(node->pack, place.at, 1);
    node->pack = listpack_insert(node->pack, place.at, value);
}

struct list_place list_erase(struct list *l, struct list_place place,
                             enum list_end towards)
{
    struct list_node *node = place.node;
    struct list_place next =
        towards == LIST_TAIL ? list_next(place) : list_previous(place);
    if (node->count == 1) {
        list_drop_node(l, node);
        return next;
    }
    node->pack = listpack_delete(node->pack, place.at, 1);
    node->count--;
    l->length--;
    if (towards == LIST_TAIL && next.node == node)
        next.at = place.at; /* it has moved up */
    return next;
}
