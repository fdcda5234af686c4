/* stream, inside: what is in a node. Its elements are, one after the other:
 *
 *   master entry   live | deleted | n | name | ... | name | 0
 *   entry          flags | ms | seq | value | ... | value | 3 + n
 *   entry          flags | ms | seq | m | name | value | ... | 4 + 2m
 *
 * The master entry counts entries and has the field names of the first one. An
 * entry with the same names (SAME_FIELDS) keeps its values alone; another one
 * has its own names as well. IDs are kept as differences from the node's ID:
 * small integers, of a few bytes. The last element of an entry is how many are
 * before it, so that a node is read in both directions; the 0 ends it
 * backwards. A deleted entry gets a flag and stays, so that no other moves.
 *
 * The bytes are those of Redis, in memory and in files. */
#include "store/stream.h"

#include "common/zmalloc.h"
#include "store/listpack.h"
#include "store/settings.h"

enum { DELETED = 1 << 0, SAME_FIELDS = 1 << 1 }; /* flags */

enum {
    ROOM = 4096, /* bytes of a stream's first node: it will grow */
    NODE_BYTES_MAX = 1 << 30 /* whatever the setting allows */
};

struct entry *stream_create(struct slice key)
{
    struct entry *e = entry_create(key, TYPE_STREAM, ENCODING_STREAM);
    struct stream *s = zcalloc(1, sizeof *s);
    s->nodes.compare = stream_id_compare;
    s->groups.compare = name_compare;
    entry_set_pointer(e, s);
    return e;
}

struct stream *entry_stream(const struct entry *e)
{
    return entry_pointer(e);
}

/* Append an element to a node. */
static void append(struct stream_node *node, struct slice value)
{
    node->pack = listpack_insert(node->pack, listpack_end(node->pack), value);
}

static void append_integer(struct stream_node *node, uint64_t value)
{
    node->pack = listpack_insert_integer(node->pack, listpack_end(node->pack),
                                         (int64_t)value);
}

/* Reads the integer at a position, and goes on to the next element. */
static int64_t take_integer(const uint8_t *pack, size_t *at)
{
    int64_t value = listpack_integer(pack, *at);
    *at = listpack_next(pack, *at);
    return value;
}

/* Returns how many entries of a node are not deleted. */
static int64_t live_entries(const struct stream_node *node)
{
    return listpack_integer(node->pack, listpack_first(node->pack));
}

/* Counts entries of a node that come, or go from one number to the other. */
static void count_entries(struct stream_node *node, int live, int deleted)
{
    size_t at = listpack_first(node->pack);
    int64_t count = listpack_integer(node->pack, at) + live;
    node->pack = listpack_replace_integer(node->pack, at, count);
    at = listpack_next(node->pack, at);
    count = listpack_integer(node->pack, at) + deleted;
    node->pack = listpack_replace_integer(node->pack, at, count);
}

/* Begins with a node: before its first entry, or behind its last one. */
static void open_node(struct stream_iterator *it, struct stream_node *node)
{
    it->node = node;
    if (!node)
        return;
    size_t at = listpack_next(node->pack, listpack_first(node->pack));
    at = listpack_next(node->pack, at);
    it->name_count = (size_t)take_integer(node->pack, &at);
    it->names = at;
    for (size_t i = 0; i < it->name_count; i++)
        at = listpack_next(node->pack, at);
    it->value = at; /* as if the 0 were the end of an entry */
    it->left = 0;
    it->at = listpack_end(node->pack);
}

/* The first ID that is wanted is in the last node that does not begin behind
 * it, if it is anywhere. */
void stream_iterate(struct stream_iterator *it, const struct stream *s,
                    struct stream_id start, struct stream_id end,
                    bool is_reversed)
{
    struct stream_id *from = is_reversed ? &end : &start;
    *it = (struct stream_iterator){s, start, end, is_reversed, .left = 0};
    struct stream_node *node = tree_seek(&s->nodes, from, TREE_AT_MOST);
    if (!node && !is_reversed)
        node = tree_seek(&s->nodes, from, TREE_MORE);
    open_node(it, node);
}

/* Finds the next entry of the node, deleted or not, and makes it the current
 * one. Returns false if there is none. */
static bool next_in_node(struct stream_iterator *it)
{
    const uint8_t *pack = it->node->pack;
    size_t at = it->value;
    int64_t skip = (int64_t)(it->flags & SAME_FIELDS ? it->left : 2 * it->left);
    for (; !it->is_reversed && skip >= 0; skip--)
        at = listpack_next(pack, at);
    if (it->is_reversed) {
        at = listpack_previous(pack, it->at);
        skip = listpack_integer(pack, at);
        if (skip == 0)
            return false;
        for (; skip > 0; skip--)
            at = listpack_previous(pack, at);
    }
    if (at == listpack_end(pack))
        return false;
    it->at = at;
    it->flags = take_integer(pack, &at);
    it->id.ms = it->node->id.ms + (uint64_t)take_integer(pack, &at);
    it->id.seq = it->node->id.seq + (uint64_t)take_integer(pack, &at);
    it->left = it->name_count;
    if (!(it->flags & SAME_FIELDS))
        it->left = (size_t)take_integer(pack, &at);
    it->name = it->names;
    it->value = at;
    return true;
}

bool stream_next(struct stream_iterator *it)
{
    while (it->node) {
        if (!next_in_node(it)) {
            open_node(it, tree_seek(&it->stream->nodes, it->node,
                                    it->is_reversed ? TREE_LESS : TREE_MORE));
            continue;
        }
        bool is_before = stream_id_compare(&it->id, &it->start) < 0;
        bool is_behind = stream_id_compare(&it->id, &it->end) > 0;
        if (it->is_reversed ? is_before : is_behind)
            return false;
        if (!is_before && !is_behind && !(it->flags & DELETED))
            return true;
    }
    return false;
}

void stream_read_pair(struct stream_iterator *it, struct slice *name,
                      struct slice *value, char scratch[2][INT64_TEXT_MAX])
{
    const uint8_t *pack = it->node->pack;
    size_t *at = it->flags & SAME_FIELDS ? &it->name : &it->value;
    *name = listpack_get(pack, *at, scratch[0]);
    *at = listpack_next(pack, *at);
    *value = listpack_get(pack, it->value, scratch[1]);
    it->value = listpack_next(pack, it->value);
    it->left--;
}

/* Returns whether an entry has the names of the node's master entry. */
static bool has_same_names(struct stream_node *node, const struct slice *pairs,
                           size_t count)
{
    struct stream_iterator it;
    char scratch[INT64_TEXT_MAX];
    open_node(&it, node);
    if (count != it.name_count)
        return false;
    for (; count > 0; count--, pairs += 2) {
        struct slice name = listpack_get(node->pack, it.names, scratch);
        if (!slice_equal(name, pairs[0]))
            return false;
        it.names = listpack_next(node->pack, it.names);
    }
    return true;
}

/* Returns whether the settings let another entry into a node. */
static bool node_has_room(const struct stream_node *node,
                          const struct slice *pairs, size_t count)
{
    size_t bytes = listpack_bytes(node->pack);
    for (size_t i = 0; i < 2 * count; i++)
        bytes += pairs[i].len;
    size_t most_bytes = (size_t)store_settings.stream_node_bytes;
    size_t at = listpack_next(node->pack, listpack_first(node->pack));
    int64_t entries = live_entries(node) + listpack_integer(node->pack, at);
    int64_t most = store_settings.stream_node_entries;
    return bytes < NODE_BYTES_MAX && (most_bytes == 0 || bytes < most_bytes) &&
           (most == 0 || entries < most);
}

/* Creates a node for entries with these names, that has so many bytes. */
static struct stream_node *create_node(struct stream_id id, size_t room,
                                       const struct slice *pairs, size_t count)
{
    struct stream_node *node = zmalloc(sizeof *node);
    *node = (struct stream_node){id, zrealloc(listpack_create(), room)};
    append_integer(node, 0);
    append_integer(node, 0);
    append_integer(node, count);
    for (size_t i = 0; i < count; i++)
        append(node, pairs[2 * i]);
    append_integer(node, 0);
    return node;
}

/* Appends an entry to a node. */
static void append_entry(struct stream_node *node, struct stream_id id,
                         const struct slice *pairs, size_t count)
{
    bool same = has_same_names(node, pairs, count);
    count_entries(node, 1, 0);
    append_integer(node, same ? SAME_FIELDS : 0);
    append_integer(node, id.ms - node->id.ms);
    append_integer(node, id.seq - node->id.seq);
    if (!same)
        append_integer(node, count);
    for (size_t i = 0; i < 2 * count; i++) {
        if (i % 2 == 1 || !same)
            append(node, pairs[i]);
    }
    append_integer(node, same ? 3 + count : 4 + 2 * count);
}

/* Only the last node grows, and it has room to. What is left of that is given
 * back when the next node begins, with room for as much. */
void stream_append(struct stream *s, struct stream_id id,
                   const struct slice *pairs, size_t count)
{
    size_t room = ROOM;
    struct stream_node *last = s->last;
    if (!last)
        last = tree_seek(&s->nodes, &id, TREE_LESS);
    if (last && !node_has_room(last, pairs, count)) {
        room = listpack_bytes(last->pack);
        last->pack = zrealloc(last->pack, room);
        last = NULL;
    }
    if (!last) {
        last = create_node(id, room, pairs, count);
        tree_insert(&s->nodes, &id, last);
    }
    append_entry(last, id, pairs, count);
    s->last = last;
    s->last_id = id;
    s->entries_added++;
    if (s->length++ == 0)
        s->first_id = id;
}

/* What a tree calls for each node. */
static void free_node(void *item)
{
    struct stream_node *node = item;
    zfree(node->pack);
    zfree(node);
}

/* Removes a node with all its entries. */
static void drop_node(struct stream *s, struct stream_node *node)
{
    if (s->last == node)
        s->last = NULL;
    free_node(tree_remove(&s->nodes, node));
}

/* Marks the current entry as deleted. The counters before it may take other
 * bytes then, and all that is behind them moves. */
static void mark_deleted(struct stream_iterator *it)
{
    struct stream_node *node = it->node;
    size_t before = listpack_bytes(node->pack);
    node->pack =
        listpack_replace_integer(node->pack, it->at, it->flags | DELETED);
    count_entries(node, -1, 1);
    size_t moved = listpack_bytes(node->pack) - before; /* modulo 2^64 */
    it->names += moved;
    it->value += moved;
}

/* Finds the first entry anew, after some were deleted. */
static void find_first(struct stream *s)
{
    struct stream_iterator it;
    stream_iterate(&it, s, stream_id_min, stream_id_max, false);
    s->first_id = stream_next(&it) ? it.id : stream_id_min;
}

/* A node goes with its last entry. */
bool stream_delete(struct stream *s, struct stream_id id)
{
    struct stream_iterator it;
    stream_iterate(&it, s, id, id, false);
    if (!stream_next(&it))
        return false;
    if (live_entries(it.node) == 1)
        drop_node(s, it.node);
    else
        mark_deleted(&it);
    s->length--;
    if (stream_id_compare(&id, &s->first_id) == 0)
        find_first(s);
    if (stream_id_compare(&id, &s->max_deleted_id) > 0)
        s->max_deleted_id = id;
    return true;
}

/* Returns whether all of the first node goes: also its last entry, which is
 * perhaps deleted already. */
static bool node_is_trimmed(const struct stream *s, struct stream_node *node,
                            const struct stream_trim *trim)
{
    struct stream_iterator it = {.is_reversed = true};
    if (trim->strategy == TRIM_MAXLEN)
        return (int64_t)s->length - live_entries(node) >= trim->maxlen;
    open_node(&it, node);
    return next_in_node(&it) && stream_id_compare(&it.id, &trim->minid) < 0;
}

/* Deletes entries of the first node, up to the first one that stays. Returns
 * how many. */
static int64_t trim_node(struct stream *s, const struct stream_trim *trim)
{
    struct stream_iterator it;
    int64_t trimmed = 0;
    stream_iterate(&it, s, stream_id_min, stream_id_max, false);
    while (stream_next(&it)) {
        if (trim->strategy == TRIM_MAXLEN
                ? (int64_t)s->length <= trim->maxlen
                : stream_id_compare(&it.id, &trim->minid) >= 0)
            break;
        mark_deleted(&it);
        s->length--;
        trimmed++;
    }
    return trimmed;
}

int64_t stream_trim(struct stream *s, const struct stream_trim *trim)
{
    int64_t trimmed = 0;
    struct stream_node *node;
    while ((node = tree_seek(&s->nodes, &stream_id_min, TREE_MORE))) {
        int64_t live = live_entries(node);
        if (trim->strategy == TRIM_MAXLEN && (int64_t)s->length <= trim->maxlen)
            break;
        if (trim->is_approximate && trim->limit > 0 &&
            trimmed + live > trim->limit)
            break;
        if (!node_is_trimmed(s, node, trim)) {
            if (!trim->is_approximate)
                trimmed += trim_node(s, trim);
            break;
        }
        drop_node(s, node);
        s->length -= (uint64_t)live;
        trimmed += live;
    }
    if (trimmed > 0)
        find_first(s);
    return trimmed;
}

/* Returns whether all that a client has deleted is before the first entry. */
static bool is_whole(const struct stream *s)
{
    return stream_id_compare(&s->max_deleted_id, &stream_id_min) == 0 ||
           stream_id_compare(&s->max_deleted_id, &s->first_id) < 0;
}

int64_t stream_number_of(const struct stream *s, struct stream_id id)
{
    int64_t added = (int64_t)s->entries_added;
    int to_first = stream_id_compare(&id, &s->first_id);
    int to_last = stream_id_compare(&id, &s->last_id);
    if (added == 0 || to_last == 0 || (to_last < 0 && s->length == 0))
        return added;
    if (to_last < 0 && to_first <= 0 && is_whole(s))
        return added - (int64_t)s->length + (to_first == 0);
    return ENTRIES_READ_UNKNOWN;
}

/* To count would be O(n). But the group's own number stays right as long as it
 * reads one entry after the other, and none was deleted from here on. */
void stream_read_by(const struct stream *s, struct group *g,
                    struct stream_id id)
{
    bool is_next =
        is_whole(s) || stream_id_compare(&id, &s->max_deleted_id) > 0;
    if (g->entries_read != ENTRIES_READ_UNKNOWN && is_next)
        g->entries_read++;
    else
        g->entries_read = stream_number_of(s, id);
    g->last_id = id;
}

bool stream_free_some(struct entry *e, size_t count)
{
    struct stream *s = entry_stream(e);
    return tree_free_some(&s->nodes, &count, free_node) ||
           groups_free_some(&s->groups, count);
}

void stream_free(struct entry *e)
{
    while (stream_free_some(e, SIZE_MAX))
        continue;
    zfree(entry_stream(e));
}
