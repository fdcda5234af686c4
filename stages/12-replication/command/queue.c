#include "command/queue.h"

#include <string.h>

#include "common/zmalloc.h"

/* What the dicts call for the key of a node. */
static struct slice queue_name(const struct dict_node *node)
{
    return ((const struct queue *)node)->name;
}

static const struct dict_type queues_type = {.key = queue_name};

struct queue *queue_open(struct dict *queues, struct slice name, size_t size)
{
    if (!queues->type)
        dict_init(queues, &queues_type);
    struct dict_node *node = dict_find(queues, name);
    if (node)
        return (struct queue *)node;
    struct queue *q = zcalloc(1, size + name.len);
    q->name = (struct slice){(char *)q + size, name.len};
    memcpy((char *)q + size, name.ptr, name.len);
    dict_insert(queues, &q->node, dict_hash(name));
    return q;
}

void queue_close(struct dict *queues, struct queue *q)
{
    dict_remove(queues, q->name);
    zfree(q);
}

void queue_join(struct queue *q, struct place *p, void *owner)
{
    *p = (struct place){.queue = q, .owner = owner, .previous = q->last};
    if (q->last)
        q->last->next = p;
    else
        q->first = p;
    q->last = p;
    q->length++;
}

void queue_leave(struct place *p)
{
    struct queue *q = p->queue;
    if (p->previous)
        p->previous->next = p->next;
    else
        q->first = p->next;
    if (p->next)
        p->next->previous = p->previous;
    else
        q->last = p->previous;
    q->length--;
    p->queue = NULL;
}
