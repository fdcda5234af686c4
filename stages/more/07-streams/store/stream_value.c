#include "more/07-streams/store/stream_value.h"

#include <stdio.h>
#include <string.h>

#include "common/zmalloc.h"
#include "store/listpack.h"
#include "store/stream.h"

enum {
    TREE_NODE_BYTES = 32, /* what a tree allocates for each item */
    TEXT_MAX = 64 /* of an ID in a digest */
};

/* Measures the nodes of a stream. Those that were not looked at count as much
 * as those that were, but for the last one, which has room to grow. */
static size_t nodes_bytes(const struct stream *s, size_t samples)
{
    size_t seen = 0, bytes = 0, count = s->nodes.count;
    const struct stream_node *last =
        tree_seek(&s->nodes, &stream_id_max, TREE_AT_MOST);
    const struct stream_node *node =
        tree_seek(&s->nodes, &stream_id_min, TREE_AT_LEAST);
    for (; node && node != last && (samples == 0 || seen < samples); seen++) {
        bytes += zmalloc_usable_size(node->pack);
        node = tree_seek(&s->nodes, node, TREE_MORE);
    }
    if (seen > 0 && seen < count - 1)
        bytes = (size_t)((double)bytes * (double)(count - 1) / (double)seen);
    if (last)
        bytes += zmalloc_usable_size(last->pack);
    return bytes + count * (TREE_NODE_BYTES + sizeof(struct stream_node));
}

/* Measures a group with all that is pending in it. */
static size_t group_bytes(const struct group *g)
{
    size_t bytes =
        sizeof *g + g->name.len + TREE_NODE_BYTES +
        g->pending.count * (2 * TREE_NODE_BYTES + sizeof(struct pending));
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE))
        bytes += sizeof *consumer + consumer->name.len + TREE_NODE_BYTES;
    return bytes;
}

size_t stream_bytes(const struct entry *e, size_t samples)
{
    const struct stream *s = entry_stream(e);
    size_t bytes = zmalloc_usable_size(s) + nodes_bytes(s, samples);
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE))
        bytes += group_bytes(g);
    return bytes;
}

/* The nodes of the copy are those of the original. */
static void copy_nodes(struct stream *to, const struct stream *from)
{
    const struct stream_node *node =
        tree_seek(&from->nodes, &stream_id_min, TREE_AT_LEAST);
    for (; node; node = tree_seek(&from->nodes, node, TREE_MORE)) {
        size_t bytes = listpack_bytes(node->pack);
        struct stream_node *copy = zmalloc(sizeof *copy);
        *copy = (struct stream_node){node->id, zmalloc(bytes)};
        memcpy(copy->pack, node->pack, bytes);
        tree_insert(&to->nodes, copy, copy);
    }
}

/* Copies a group with its consumers, and gives each what it has. */
static void copy_group(struct tree *groups, const struct group *g)
{
    struct group *copy = group_create(groups, g->name);
    copy->last_id = g->last_id;
    copy->entries_read = g->entries_read;
    const struct consumer *from =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; from; from = tree_seek(&g->consumers, from, TREE_MORE)) {
        struct consumer *to = consumer_create(copy, from->name);
        to->seen_ms = from->seen_ms;
        const struct pending *p =
            tree_seek(&from->pending, &stream_id_min, TREE_AT_LEAST);
        for (; p; p = tree_seek(&from->pending, p, TREE_MORE))
            group_deliver(copy, to, p->id, p->delivered_ms)->deliveries =
                p->deliveries;
    }
}

struct entry *stream_copy(const struct entry *e, struct slice key)
{
    struct entry *copied = stream_create(key);
    struct stream *to = entry_stream(copied);
    const struct stream *from = entry_stream(e);
    copy_nodes(to, from);
    to->length = from->length;
    to->first_id = from->first_id;
    to->last_id = from->last_id;
    to->max_deleted_id = from->max_deleted_id;
    to->entries_added = from->entries_added;
    const struct group *g = tree_seek(&from->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&from->groups, g, TREE_MORE))
        copy_group(&to->groups, g);
    return copied;
}

/* In a digest, a point is between the two numbers of an ID. Groups do not
 * count. */
void stream_digest(const struct entry *e, struct digest *d)
{
    struct stream_iterator it;
    stream_iterate(&it, entry_stream(e), stream_id_min, stream_id_max, false);
    while (stream_next(&it)) {
        char text[TEXT_MAX], scratch[2][INT64_TEXT_MAX];
        int len = snprintf(text, sizeof text, "%llu.%llu",
                           (unsigned long long)it.id.ms,
                           (unsigned long long)it.id.seq);
        digest_mix(d, (struct slice){text, (size_t)len});
        while (it.left > 0) {
            struct slice name, value;
            stream_read_pair(&it, &name, &value, scratch);
            digest_mix(d, name);
            digest_mix(d, value);
        }
    }
}
