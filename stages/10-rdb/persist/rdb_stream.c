/* rdb_stream: a stream in a snapshot.
 *
 *   n nodes     ID in 16 bytes, as a string; listpack, as a string
 *   length      last ID; first ID; largest deleted ID; entries added
 *   n groups    name; last ID; entries read
 *               n pending     ID in 16 bytes; time; deliveries
 *               n consumers   name; time; n pending: IDs in 16 bytes
 *
 * A time has 8 bytes, an ID otherwise is two lengths. What is pending is written
 * once with its group, and once more by ID alone with its consumer. */
#include "common/zmalloc.h"
#include "persist/rdb_format.h"
#include "store/listpack.h"
#include "store/stream.h"
#include "store/type.h"

enum { ID_BYTES = 16, TIME_BYTES = 8 };

/* Writes an ID in 16 bytes. As a key of Redis's tree its highest byte is
 * first. */
static void write_raw_id(struct rdb_writer *w, struct stream_id id)
{
    rdb_write_big_endian(w, id.ms, ID_BYTES / 2);
    rdb_write_big_endian(w, id.seq, ID_BYTES / 2);
}

static bool read_raw_id(struct rdb_reader *r, struct stream_id *id)
{
    return rdb_read_big_endian(r, ID_BYTES / 2, &id->ms) &&
           rdb_read_big_endian(r, ID_BYTES / 2, &id->seq);
}

/* Writes an ID as two lengths. */
static void write_id(struct rdb_writer *w, struct stream_id id)
{
    rdb_write_length(w, id.ms);
    rdb_write_length(w, id.seq);
}

static bool read_id(struct rdb_reader *r, struct stream_id *id)
{
    return rdb_read_length(r, &id->ms) && rdb_read_length(r, &id->seq);
}

/* Writes what is pending in a group, or the IDs of what a consumer has. */
static void save_pending(struct rdb_writer *w, const struct tree *pending,
                         bool is_group)
{
    const struct pending *p =
        tree_seek(pending, &stream_id_min, TREE_AT_LEAST);
    rdb_write_length(w, pending->count);
    for (; p; p = tree_seek(pending, p, TREE_MORE)) {
        write_raw_id(w, p->id);
        if (!is_group)
            continue;
        rdb_write_number(w, (uint64_t)p->delivered_ms, TIME_BYTES);
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
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE)) {
        rdb_write_string(w, consumer->name);
        rdb_write_number(w, (uint64_t)consumer->seen_ms, TIME_BYTES);
        save_pending(w, &consumer->pending, false);
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
        rdb_write_string(w, (struct slice){(const char *)node->pack,
                                           listpack_bytes(node->pack)});
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

/* Reads a node. Its ID may have been written as any string of 16 bytes. */
static bool load_node(struct rdb_reader *r, struct stream *s)
{
    struct slice key;
    struct rdb_reader id_reader;
    struct stream_id id;
    if (!rdb_read_string(r, RDB_NAME, &key))
        return false;
    rdb_reader_open(&id_reader, key);
    if (key.len != ID_BYTES || !read_raw_id(&id_reader, &id))
        return rdb_fail(r, "Stream node key entry is not the size of a "
                           "stream ID");
    uint8_t *pack = rdb_read_pack(r, 1, false);
    if (!pack)
        return false;
    bool done = stream_add_node(s, id, pack);
    if (!done)
        zfree(pack);
    return done || rdb_fail(r, "Stream listpack integrity check failed.");
}

/* Reads what is pending in a group. Whose it is follows later. */
static bool load_pending(struct rdb_reader *r, struct group *g)
{
    uint64_t count;
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--) {
        struct stream_id id;
        uint64_t time, deliveries;
        if (!read_raw_id(r, &id) || !rdb_read_number(r, TIME_BYTES, &time) ||
            !rdb_read_length(r, &deliveries))
            return false;
        if (tree_seek(&g->pending, &id, TREE_EQUAL))
            return rdb_fail(r, "Duplicated global PEL entry loading stream "
                               "consumer group");
        struct pending *p = zmalloc(sizeof *p);
        *p = (struct pending){id, NULL, (int64_t)time, (int64_t)deliveries};
        tree_insert(&g->pending, &p->id, p);
    }
    return done;
}

/* Reads a consumer, and gives it those of the group's pending entries that it
 * names. */
static bool load_consumer(struct rdb_reader *r, struct group *g)
{
    struct slice name;
    uint64_t time, count;
    if (!rdb_read_string(r, RDB_NAME, &name) ||
        !rdb_read_number(r, TIME_BYTES, &time) || !rdb_read_length(r, &count))
        return false;
    if (tree_seek(&g->consumers, &name, TREE_EQUAL))
        return rdb_fail(r, "Duplicate stream consumer detected");
    struct consumer *consumer = consumer_create(g, name);
    consumer->seen_ms = (int64_t)time;
    for (; count > 0; count--) {
        struct stream_id id;
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

/* Returns whether all that is pending in a group is a consumer's. */
static bool is_all_owned(const struct group *g)
{
    size_t count = 0;
    const struct consumer *consumer =
        tree_seek(&g->consumers, &SLICE(""), TREE_AT_LEAST);
    for (; consumer; consumer = tree_seek(&g->consumers, consumer, TREE_MORE))
        count += consumer->pending.count;
    return count == g->pending.count;
}

/* Streams of older files do not say how much a group has read. */
static bool load_group(struct rdb_reader *r, struct stream *s, bool is_counted)
{
    struct slice name;
    struct stream_id last_id;
    uint64_t entries_read, consumers;
    if (!rdb_read_string(r, RDB_NAME, &name) || !read_id(r, &last_id))
        return false;
    entries_read = (uint64_t)stream_number_of(s, last_id);
    if (is_counted && !rdb_read_length(r, &entries_read))
        return false;
    if (group_find(&s->groups, name))
        return rdb_fail(r, "Duplicated consumer group name");
    struct group *g = group_create(&s->groups, name);
    g->last_id = last_id;
    g->entries_read = (int64_t)entries_read;
    bool done = load_pending(r, g) && rdb_read_length(r, &consumers);
    for (; done && consumers > 0; consumers--)
        done = load_consumer(r, g);
    return done &&
           (is_all_owned(g) || rdb_fail(r, "NACK entry without consumer"));
}

/* Reads what follows the nodes. The ID of the first entry is found, whatever the
 * file says. */
static bool load_rest(struct rdb_reader *r, struct stream *s, bool is_counted)
{
    uint64_t length, groups;
    struct stream_id first_id, last_id;
    if (!rdb_read_length(r, &length) || !read_id(r, &last_id))
        return false;
    if (length != s->length || stream_id_compare(&last_id, &s->last_id) < 0)
        return rdb_fail(r, "Stream length or last ID inconsistent with its "
                           "nodes");
    s->last_id = last_id;
    s->entries_added = length;
    if (is_counted &&
        (!read_id(r, &first_id) || !read_id(r, &s->max_deleted_id) ||
         !rdb_read_length(r, &s->entries_added)))
        return false;
    stream_find_first(s);
    bool done = rdb_read_length(r, &groups);
    for (; done && groups > 0; groups--)
        done = load_group(r, s, is_counted);
    return done;
}

struct entry *rdb_read_stream(struct rdb_reader *r, struct slice key,
                              bool is_counted)
{
    uint64_t nodes;
    struct entry *e = stream_create(key);
    struct stream *s = entry_stream(e);
    bool done = rdb_read_length(r, &nodes);
    for (; done && nodes > 0; nodes--)
        done = load_node(r, s);
    if (done && load_rest(r, s, is_counted))
        return e;
    entry_free(e);
    return NULL;
}

struct entry *rdb_load_stream(struct rdb_reader *r, struct slice key)
{
    return rdb_read_stream(r, key, true);
}
