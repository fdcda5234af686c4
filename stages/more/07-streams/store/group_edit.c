#include "more/07-streams/store/group_edit.h"

#include "common/zmalloc.h"

void consumer_delete(struct group *g, struct consumer *consumer)
{
    const struct pending *p;
    while ((p = tree_seek(&consumer->pending, &stream_id_min, TREE_AT_LEAST)))
        group_acknowledge(g, p->id);
    tree_remove(&g->consumers, consumer);
    zfree((char *)consumer->name.ptr);
    zfree(consumer);
}

void pending_give(struct pending *p, struct consumer *to)
{
    if (p->consumer == to)
        return;
    tree_remove(&p->consumer->pending, p);
    tree_insert(&to->pending, p, p);
    p->consumer = to;
}
