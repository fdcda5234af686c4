#include "store/group.h"

#include "common/zmalloc.h"

int name_compare(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

struct group *group_create(struct tree *groups, struct slice name)
{
    struct group *g = zcalloc(1, sizeof *g);
    g->name = (struct slice){slice_dup(name), name.len};
    g->pending.compare = stream_id_compare;
    g->consumers.compare = name_compare;
    tree_insert(groups, g, g);
    return g;
}

struct consumer *consumer_create(struct group *g, struct slice name)
{
    struct consumer *consumer = zcalloc(1, sizeof *consumer);
    consumer->name = (struct slice){slice_dup(name), name.len};
    consumer->pending.compare = stream_id_compare;
    tree_insert(&g->consumers, consumer, consumer);
    return consumer;
}

struct group *group_find(const struct tree *groups, struct slice name)
{
    return tree_seek(groups, &name, TREE_EQUAL);
}

struct pending *group_deliver(struct group *g, struct consumer *consumer,
                              struct stream_id id, int64_t now_ms)
{
    struct pending *p = tree_seek(&g->pending, &id, TREE_EQUAL);
    if (p) {
        tree_remove(&p->consumer->pending, &id);
    } else {
        p = zmalloc(sizeof *p);
        tree_insert(&g->pending, &id, p);
    }
    *p = (struct pending){id, consumer, now_ms, 1};
    tree_insert(&consumer->pending, &id, p);
    return p;
}

bool group_acknowledge(struct group *g, struct stream_id id)
{
    struct pending *p = tree_remove(&g->pending, &id);
    if (p)
        tree_remove(&p->consumer->pending, &id);
    zfree(p);
    return p;
}

/* What a tree calls for each consumer or group that is freed. */
static void free_named(void *item)
{
    struct slice *name = item;
    zfree((char *)name->ptr);
    zfree(item);
}

/* Frees some of what a group has. Returns whether there is more. The trees of
 * the consumers come first: they do not own what is pending. */
static bool free_some_of(struct group *g, size_t count)
{
    struct consumer *consumer;
    while ((consumer = tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST))) {
        if (count-- == 0 || tree_free_some(&consumer->pending, &count, NULL))
            return true;
        free_named(tree_remove(&g->consumers, consumer));
    }
    return tree_free_some(&g->pending, &count, zfree);
}

void group_destroy(struct tree *groups, struct group *g)
{
    free_some_of(g, SIZE_MAX);
    free_named(tree_remove(groups, g));
}

bool groups_free_some(struct tree *groups, size_t count)
{
    struct group *g = tree_seek(groups, &SLICE(""), TREE_AT_LEAST);
    if (g && !free_some_of(g, count))
        free_named(tree_remove(groups, g));
    return groups->root;
}
