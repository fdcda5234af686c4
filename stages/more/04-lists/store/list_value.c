#include "more/04-lists/store/list_value.h"

#include <string.h>

#include "common/zmalloc.h"
#include "store/list.h"
#include "store/listpack.h"

/* The nodes that were not looked at count as much as those that were. */
size_t list_bytes(const struct entry *e, size_t samples)
{
    const struct list *l = entry_list(e);
    size_t bytes = 0, seen = 0;
    for (const struct list_node *node = l->head; node; node = node->next) {
        bytes += zmalloc_usable_size(node) + zmalloc_usable_size(node->pack);
        seen += node->count;
        if (samples && seen >= samples)
            break;
    }
    if (seen > 0 && seen < l->length)
        bytes = (size_t)((double)bytes * (double)l->length / (double)seen);
    return zmalloc_usable_size(l) + bytes;
}

/* The nodes of the copy are those of the original. */
struct entry *list_copy(const struct entry *e, struct slice key)
{
    struct entry *copied = list_create(key);
    struct list *to = entry_list(copied);
    const struct list *from = entry_list(e);
    for (const struct list_node *node = from->head; node; node = node->next) {
        size_t bytes = listpack_bytes(node->pack);
        struct list_node *copy = zmalloc(sizeof *copy);
        *copy = (struct list_node){NULL, to->tail, zmalloc(bytes), node->count};
        memcpy(copy->pack, node->pack, bytes);
        if (to->tail)
            to->tail->next = copy;
        else
            to->head = copy;
        to->tail = copy;
    }
    to->length = from->length;
    return copied;
}

void list_digest(const struct entry *e, struct digest *d)
{
    char scratch[INT64_TEXT_MAX];
    for (struct list_place p = list_seek(entry_list(e), 0); p.node;
         p = list_next(p))
        digest_mix(d, list_value(p, scratch));
}
