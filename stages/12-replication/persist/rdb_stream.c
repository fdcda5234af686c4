/* rdb_stream: a stream in a snapshot.
 *
 *   n nodes     ID in 16 bytes, as a string; listpack, as a string
 *   length      last ID; first ID; largest deleted ID; entries added
 *   n groups    name; last ID; entries read
 *               n pending     ID in 16 bytes; time; deliveries
 *               n consumers   name; time; n pending: IDs in 16 bytes
 *
 * A time has 8 bytes; an ID is two lengths where nothing else is said. A
 * pending entry is written with its group, and its ID once more with its
 * consumer. */
#include "common/zmalloc.h"
#include "persist/rdb_format.h"
#include "store/stream.h"

enum { ID_BYTES = 16, TIME_BYTES = 8 };

/* Writes an ID in 16 bytes. It is a key of Redis's radix tree, which compares
 * bytes, so the highest comes first. */
static void write_raw_id(struct rdb_writer *w, struct stream_id id)
{
    rdb_write_number(w, id.ms, ID_BYTES / 2, HIGH_FIRST);
    rdb_write_number(w, id.seq, ID_BYTES / 2, HIGH_FIRST);
}

/* Writes an ID as two lengths. */
static void write_id(struct rdb_writer *w, struct stream_id id)
{
    rdb_write_length(w, id.ms);
    rdb_write_length(w, id.seq);
}

/* Writes the pending entries of a group, or the IDs of a consumer's. */
static void save_pending(struct rdb_writer *w, const struct tree *pending,
                         bool is_group)
{
    const struct pending *p = tree_seek(pending, &stream_id_min, TREE_AT_LEAST);
    rdb_write_length(w, pending->count);
    for (; p; p = tree_seek(pending, p, TREE_MORE)) {
        write_raw_id(w, p->id);
        if (!is_group)
            continue;
        rdb_write_number(w, (uint64_t)p->delivered_ms, TIME_BYTES, LOW_FIRST);
        rdb_write_length(w, (uint64_t)p->deliveries);
    }
}

static void save_group(struct rdb_writer *w, const struct group *g)
{
    rdb_write_string(w, g->name);
    write_id(w, g->last_id);
    rdb_write_length(w, (uint64_t)g->entries_read);
    save_pending(w, &g->pending, true);
    rdb_write_length(w, g->consumers.count);
    const struct consumer *c =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; c; c = tree_seek(&g->consumers, c, TREE_MORE)) {
        rdb_write_string(w, c->name);
        rdb_write_number(w, (uint64_t)c->seen_ms, TIME_BYTES, LOW_FIRST);
        save_pending(w, &c->pending, false);
    }
}

void rdb_save_stream(struct rdb_writer *w, const struct entry *e)
{
    const struct stream *s = entry_stream(e);
    const struct stream_node *node =
        tree_seek(&s->nodes, &stream_id_min, TREE_AT_LEAST);
    rdb_write_length(w, s->nodes.count);
    for (; node; node = tree_seek(&s->nodes, node, TREE_MORE)) {
        rdb_write_length(w, ID_BYTES);
        write_raw_id(w, node->id);
        rdb_write_pack(w, node->pack);
    }
    rdb_write_length(w, s->length);
    write_id(w, s->last_id);
    write_id(w, s->first_id);
    write_id(w, s->max_deleted_id);
    rdb_write_length(w, s->entries_added);
    rdb_write_length(w, s->groups.count);
    const struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE))
        save_group(w, g);
}

static bool read_raw_id(struct rdb_reader *r, struct stream_id *id)
{
    return rdb_read_number(r, ID_BYTES / 2, HIGH_FIRST, &id->ms) &&
           rdb_read_number(r, ID_BYTES / 2, HIGH_FIRST, &id->seq);
}

bool rdb_read_id(struct rdb_reader *r, struct stream_id *id)
{
    return rdb_read_length(r, &id->ms) && rdb_read_length(r, &id->seq);
}

bool rdb_load_node(struct rdb_reader *r, void *stream)
{
    struct stream *s = stream;
    uint64_t id_bytes;
    struct stream_id id;
    if (!rdb_read_length(r, &id_bytes) || !read_raw_id(r, &id))
        return false;
    uint8_t *pack = id_bytes == ID_BYTES ? rdb_read_pack(r, TYPE_STREAM) : NULL;
    if (!pack)
        return rdb_fail(r, "Stream node key entry is not the size of a "
                           "stream ID");
    struct stream_node *node = zmalloc(sizeof *node);
    *node = (struct stream_node){id, pack};
    tree_insert(&s->nodes, &node->id, node);
    return true;
}

/* Reads a pending entry of a group. Its consumer follows later. */
bool rdb_load_pending(struct rdb_reader *r, void *group)
{
    struct group *g = group;
    uint64_t time, deliveries;
    struct stream_id id;
    if (!read_raw_id(r, &id) ||
        !rdb_read_number(r, TIME_BYTES, LOW_FIRST, &time) ||
        !rdb_read_length(r, &deliveries))
        return false;
    struct pending *p = zmalloc(sizeof *p);
    *p = (struct pending){id, NULL, (int64_t)time, (int64_t)deliveries};
    tree_insert(&g->pending, &p->id, p);
    return true;
}

/* Reads a consumer and the IDs of its pending entries, which the group has
 * already. */
bool rdb_load_consumer(struct rdb_reader *r, void *group)
{
    struct group *g = group;
    struct slice name;
    struct stream_id id;
    uint64_t time, count;
    if (!rdb_read_string(r, RDB_NAME, &name) ||
        !rdb_read_number(r, TIME_BYTES, LOW_FIRST, &time) ||
        !rdb_read_length(r, &count) ||
        tree_seek(&g->consumers, &name, TREE_EQUAL))
        return false;
    struct consumer *consumer = consumer_create(g, name);
    consumer->seen_ms = (int64_t)time;
    for (; count > 0; count--) {
        if (!read_raw_id(r, &id))
            return false;
        struct pending *p = tree_seek(&g->pending, &id, TREE_EQUAL);
        if (!p || p->consumer)
            return rdb_fail(r, "Consumer entry not found in group global PEL");
        p->consumer = consumer;
        tree_insert(&consumer->pending, &p->id, p);
    }
    return true;
}

static bool load_group(struct rdb_reader *r, void *stream)
{
    struct stream *s = stream;
    struct slice name;
    struct stream_id last_id;
    uint64_t entries_read;
    if (!rdb_read_string(r, RDB_NAME, &name) || !rdb_read_id(r, &last_id) ||
        !rdb_read_length(r, &entries_read) || group_find(&s->groups, name))
        return false;
    struct group *g = group_create(&s->groups, name);
    g->last_id = last_id;
    g->entries_read = (int64_t)entries_read;
    return rdb_read_each(r, g, rdb_load_pending) &&
           rdb_read_each(r, g, rdb_load_consumer);
}

struct entry *rdb_load_stream(struct rdb_reader *r, struct slice key)
{
    struct entry *e = stream_create(key);
    struct stream *s = entry_stream(e);
    return rdb_keep(e, rdb_read_each(r, s, rdb_load_node) &&
                           rdb_read_length(r, &s->length) &&
                           rdb_read_id(r, &s->last_id) &&
                           rdb_read_id(r, &s->first_id) &&
                           rdb_read_id(r, &s->max_deleted_id) &&
                           rdb_read_length(r, &s->entries_added) &&
                           rdb_read_each(r, s, load_group));
}
