/* old_formats: what servers up to version 6.2 have written.
 *
 *    1  list        n elements
 *   10  list        a ziplist
 *   14  list        n nodes, each a ziplist
 *    9  hash        a zipmap
 *   13  hash        a ziplist
 *    3  zset        n members with the text of their score
 *   12  zset        a ziplist
 *   15  stream      without counts
 *
 * None of them is written any more: each value gets the encoding that it would
 * get now. */
#include <math.h>

#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/persist/ziplist.h"
#include "more/10-rdb/store/sanitize.h"
#include "store/hash.h"
#include "store/list.h"
#include "store/stream.h"
#include "store/zset.h"

enum { SCORE_NAN = 253, SCORE_INF = 254, SCORE_MINUS_INF = 255 };

static bool add_element(struct rdb_reader *r, void *e)
{
    struct slice value;
    bool done = rdb_read_string(r, RDB_VALUE, &value);
    if (done)
        list_push(entry_list(e), LIST_TAIL, value);
    return done;
}

/* Appends the elements of a ziplist. */
static bool append_ziplist(struct rdb_reader *r, void *e)
{
    struct slice bytes, value;
    struct ziplist_reader elements;
    char scratch[INT64_TEXT_MAX];
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return false;
    ziplist_open(&elements, bytes);
    while (ziplist_next(&elements, &value, scratch))
        list_push(entry_list(e), LIST_TAIL, value);
    return !elements.is_damaged ||
           rdb_fail(r, "Ziplist integrity check failed.");
}

static struct entry *load_list_ziplist(struct rdb_reader *r, struct slice key)
{
    struct entry *e = list_create(key);
    bool done = append_ziplist(r, e);
    return rdb_keep(e, done);
}

static struct entry *load_zipmap(struct rdb_reader *r, struct slice key)
{
    struct slice bytes, name, value;
    struct ziplist_reader pairs;
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    struct entry *e = hash_create(key);
    bool done = true;
    zipmap_open(&pairs, bytes);
    while (done && zipmap_next(&pairs, &name, &value))
        done = hash_set(e, name, value);
    if (!done || pairs.is_damaged)
        done = rdb_fail(r, "Zipmap integrity check failed.");
    return rdb_keep(e, done);
}

/* Reads two elements. Returns false at the end. */
static bool next_pair(struct ziplist_reader *r, struct slice pair[2],
                      char scratch[2][INT64_TEXT_MAX])
{
    if (!ziplist_next(r, &pair[0], scratch[0]))
        return false;
    bool done = ziplist_next(r, &pair[1], scratch[1]);
    r->is_damaged |= !done;
    return done;
}

static struct entry *load_hash_ziplist(struct rdb_reader *r, struct slice key)
{
    struct slice bytes, pair[2];
    struct ziplist_reader elements;
    char scratch[2][INT64_TEXT_MAX];
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    struct entry *e = hash_create(key);
    bool done = true;
    ziplist_open(&elements, bytes);
    while (done && next_pair(&elements, pair, scratch))
        done = hash_set(e, pair[0], pair[1]);
    if (!done || elements.is_damaged)
        done = rdb_fail(r, "Hash ziplist integrity check failed.");
    return rdb_keep(e, done);
}

/* Adds a member that the sorted set does not have. */
static bool add_member(struct entry *e, struct slice member, double score)
{
    return !isnan(score) && zset_add(e, member, &score, 0) == ZSET_ADDED;
}

static struct entry *load_zset_ziplist(struct rdb_reader *r, struct slice key)
{
    struct slice bytes, pair[2];
    struct ziplist_reader elements;
    char scratch[2][INT64_TEXT_MAX];
    double score;
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    struct entry *e = zset_create(key);
    bool done = true;
    ziplist_open(&elements, bytes);
    while (done && next_pair(&elements, pair, scratch))
        done = parse_double(pair[1], &score) && add_member(e, pair[0], score);
    if (!done || elements.is_damaged)
        done = rdb_fail(r, "Zset ziplist integrity check failed.");
    return rdb_keep(e, done);
}

/* Reads a score: a byte is the length of its text, or says what it is. */
static bool read_score(struct rdb_reader *r, double *score)
{
    uint64_t len;
    struct slice text;
    if (!rdb_read_number(r, 1, LOW_FIRST, &len))
        return false;
    *score = len == SCORE_INF ? INFINITY : -INFINITY;
    if (len == SCORE_INF || len == SCORE_MINUS_INF)
        return true;
    if (len == SCORE_NAN)
        return rdb_fail(r, "Zset with NAN score detected");
    return rdb_read_bytes(r, len, &text) &&
           (parse_double(text, score) ||
            rdb_fail(r, "Zset with a score that is not a number"));
}

static bool add_scored(struct rdb_reader *r, void *e)
{
    struct slice member;
    double score;
    return rdb_read_string(r, RDB_VALUE, &member) && read_score(r, &score) &&
           (add_member(e, member, score) ||
            rdb_fail(r, "Duplicate zset fields detected"));
}

static bool load_group(struct rdb_reader *r, void *stream)
{
    struct stream *s = stream;
    struct slice name;
    struct stream_id last_id;
    if (!rdb_read_string(r, RDB_NAME, &name) || !rdb_read_id(r, &last_id) ||
        group_find(&s->groups, name))
        return false;
    struct group *g = group_create(&s->groups, name);
    g->last_id = last_id;
    return rdb_read_each(r, g, rdb_load_pending) &&
           rdb_read_each(r, g, rdb_load_consumer);
}

/* What the stream does not say is counted: when it is known to be valid. */
static struct entry *load_stream(struct rdb_reader *r, struct slice key)
{
    struct entry *e = stream_create(key);
    struct stream *s = entry_stream(e);
    bool done = rdb_read_each(r, s, rdb_load_node) &&
                rdb_read_length(r, &s->length) && rdb_read_id(r, &s->last_id) &&
                rdb_read_each(r, s, load_group);
    if (!done || !stream_is_valid(e))
        return rdb_keep(e, done);
    struct stream_iterator it;
    stream_iterate(&it, s, stream_id_min, stream_id_max, false);
    if (stream_next(&it))
        s->first_id = it.id;
    s->entries_added = s->length;
    struct group *g = tree_seek(&s->groups, &SLICE(""), TREE_AT_LEAST);
    for (; g; g = tree_seek(&s->groups, g, TREE_MORE))
        g->entries_read = stream_number_of(s, g->last_id);
    return e;
}

const struct rdb_format more_rdb_formats[] = {
    {.byte = 1, .create = list_create, .add = add_element},
    {.byte = 10, .load = load_list_ziplist},
    {.byte = 14, .create = list_create, .add = append_ziplist},
    {.byte = 9, .load = load_zipmap},
    {.byte = 13, .load = load_hash_ziplist},
    {.byte = 3, .create = zset_create, .add = add_scored},
    {.byte = 12, .load = load_zset_ziplist},
    {.byte = 15, .load = load_stream},
    {.byte = RDB_TYPES},
};
