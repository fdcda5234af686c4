/* sanitize_stream: what is inside the nodes of a stream, as store/stream.c
 * draws it, and who has what is pending. */
#include "common/numbers.h"
#include "more/10-rdb/store/sanitize.h"
#include "store/listpack.h"
#include "store/stream.h"

enum { DELETED = 1 << 0, SAME_FIELDS = 1 << 1 }; /* flags */

/* Reads an integer, if the next element is one, and goes on to the element
 * after it. */
static bool take_integer(const uint8_t *pack, size_t *at, int64_t *value)
{
    char scratch[INT64_TEXT_MAX];
    if (*at == listpack_end(pack) ||
        !parse_int64(listpack_get(pack, *at, scratch), value))
        return false;
    *at = listpack_next(pack, *at);
    return true;
}

/* Goes over so many elements, if they are there. */
static bool take_elements(const uint8_t *pack, size_t *at, int64_t count)
{
    for (; count > 0 && *at != listpack_end(pack); count--)
        *at = listpack_next(pack, *at);
    return count == 0;
}

/* Checks an entry of a node whose master entry has so many names, and goes on
 * to what follows it. Its ID must be above *last, and is *last then. */
static bool take_entry(const struct stream_node *node, size_t *at,
                       int64_t names, struct stream_id *last, int64_t *flags)
{
    int64_t ms, seq, before, elements = names, head = 3;
    if (!take_integer(node->pack, at, flags) ||
        !take_integer(node->pack, at, &ms) ||
        !take_integer(node->pack, at, &seq))
        return false;
    struct stream_id id = {node->id.ms + (uint64_t)ms,
                           node->id.seq + (uint64_t)seq};
    bool is_above = stream_id_compare(&id, last) > 0;
    *last = id;
    if (!(*flags & SAME_FIELDS)) {
        if (!take_integer(node->pack, at, &elements) || elements < 0 ||
            elements > INT32_MAX)
            return false;
        elements *= 2;
        head = 4;
    }
    return is_above && take_elements(node->pack, at, elements) &&
           take_integer(node->pack, at, &before) && before == head + elements;
}

/* Whether the counts of a node are right, and its IDs ascend from *last on,
 * which is the last of them then. A node without an entry would have been
 * dropped, so there is none. Adds what it has to *length. */
static bool node_is_valid(const struct stream_node *node,
                          struct stream_id *last, uint64_t *length)
{
    size_t at = listpack_first(node->pack);
    int64_t live, deleted, names, end, flags;
    if (!take_integer(node->pack, &at, &live) || live <= 0 ||
        !take_integer(node->pack, &at, &deleted) ||
        !take_integer(node->pack, &at, &names) || names < 0 ||
        !take_elements(node->pack, &at, names) ||
        !take_integer(node->pack, &at, &end) || end != 0 ||
        stream_id_compare(&node->id, last) <= 0)
        return false;
    *length += (uint64_t)live;
    *last = node->id;
    stream_id_previous(last);
    while (at != listpack_end(node->pack)) {
        if (!take_entry(node, &at, names, last, &flags))
            return false;
        if (flags & DELETED)
            deleted--;
        else
            live--;
    }
    return live == 0 && deleted == 0;
}

/* Whether all nodes are valid, and what the stream says of all of them. */
static bool nodes_are_valid(const struct stream *s)
{
    struct stream_id last = stream_id_min;
    uint64_t length = 0;
    size_t count = 0;
    const struct stream_node *node =
        tree_seek(&s->nodes, &stream_id_min, TREE_AT_LEAST);
    for (; node; node = tree_seek(&s->nodes, node, TREE_MORE), count++) {
        if (!node_is_valid(node, &last, &length))
            return false;
    }
    return count == s->nodes.count && length == s->length &&
           stream_id_compare(&s->last_id, &last) >= 0;
}

/* Whether each pending entry of a group is one consumer's, and no ID is there
 * twice: of two, a search finds one. */
static bool group_is_valid(const struct group *g)
{
    size_t owned = 0, found = 0;
    const struct pending *p =
        tree_seek(&g->pending, &stream_id_min, TREE_AT_LEAST);
    for (; p; p = tree_seek(&g->pending, p, TREE_MORE))
        found++;
    const struct consumer *c =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; c; c = tree_seek(&g->consumers, c, TREE_MORE))
        owned += c->pending.count;
    return owned == g->pending.count && found == g->pending.count;
}

bool stream_is_valid(const struct entry *e)
{
    const struct stream *s = entry_stream(e);
    if (!nodes_are_valid(s))
        return false;
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE)) {
        if (!group_is_valid(g))
            return false;
    }
    return true;
}
