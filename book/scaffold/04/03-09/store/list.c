/* list, inside: a node is one allocation, with the element's bytes in it. */
#include "store/list.h"

#include <string.h>

#include "common/zmalloc.h"

/* Links a new node between two neighbours, NULL where there is none. */
static void list_add_node(struct list *l, struct list_node *previous,
                          struct list_node *next, struct slice value)
{
    struct list_node *node = zmalloc(sizeof *node + value.len);
    *node = (struct list_node){next, previous, value.len};
    memcpy(node->bytes, value.ptr, value.len);
    if (previous)
        previous->next = node;
    else
        l->head = node;
    if (next)
        next->previous = node;
    else
        l->tail = node;
}

void list_push(struct list *l, enum list_end end, struct slice value)
{
    if (end == LIST_HEAD)
        list_add_node(l, NULL, l->head, value);
    else
        list_add_node(l, l->tail, NULL, value);
    l->length++;
}

struct list_place list_seek(const struct list *l, size_t index)
{
    bool from_head = index < l->length / 2;
    size_t steps = from_head ? index : l->length - 1 - index;
    struct list_node *node = from_head ? l->head : l->tail;
    for (; steps > 0; steps--)
        node = from_head ? node->next : node->previous;
    return (struct list_place){node};
}

struct list_place list_next(struct list_place place)
{
    return (struct list_place){place.node->next};
}

struct list_place list_previous(struct list_place place)
{
    return (struct list_place){place.node->previous};
}

struct slice list_value(struct list_place place, char scratch[INT64_TEXT_MAX])
{
    (void)scratch;
    return (struct slice){place.node->bytes, place.node->len};
}

static void list_drop_node(struct list *l, struct list_node *node)
{
    if (node->previous)
        node->previous->next = node->next;
    else
        l->head = node->next;
    if (node->next)
        node->next->previous = node->previous;
    else
        l->tail = node->previous;
    l->length--;
    zfree(node);
}
