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
#include "store/hash.h"
#include "store/list.h"
#include "store/type.h"
#include "store/zset.h"

enum { SCORE_NAN = 253, SCORE_INF = 254, SCORE_MINUS_INF = 255 };

/* Returns the entry, or frees it if it could not be read or is empty. */
static struct entry *keep(struct entry *e, bool done, size_t length)
{
    if (done && length > 0)
        return e;
    entry_free(e);
    return NULL;
}

static struct entry *load_plain_list(struct rdb_reader *r, struct slice key)
{
    uint64_t count;
    struct slice value;
    struct entry *e = list_create(key);
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--) {
        done = rdb_read_string(r, RDB_VALUE, &value);
        if (done)
            list_push(entry_list(e), LIST_TAIL, value);
    }
    return keep(e, done, entry_list(e)->length);
}

/* Appends the elements of a ziplist. */
static bool append_ziplist(struct rdb_reader *r, struct list *l)
{
    struct slice bytes, value;
    struct ziplist_reader elements;
    char scratch[INT64_TEXT_MAX];
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return false;
    ziplist_open(&elements, bytes);
    while (ziplist_next(&elements, &value, scratch))
        list_push(l, LIST_TAIL, value);
    return !elements.is_damaged ||
           rdb_fail(r, "Ziplist integrity check failed.");
}

static struct entry *load_list_ziplist(struct rdb_reader *r, struct slice key)
{
    struct entry *e = list_create(key);
    bool done = append_ziplist(r, entry_list(e));
    return keep(e, done, entry_list(e)->length);
}

static struct entry *load_quicklist(struct rdb_reader *r, struct slice key)
{
    uint64_t nodes;
    struct entry *e = list_create(key);
    bool done = rdb_read_length(r, &nodes);
    for (; done && nodes > 0; nodes--)
        done = append_ziplist(r, entry_list(e));
    return keep(e, done, entry_list(e)->length);
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
    return keep(e, done, hash_length(e));
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
    return keep(e, done, hash_length(e));
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
    return keep(e, done, zset_length(e));
}

/* Reads a score: a byte with the length of its text, or that says what it is. */
static bool read_score(struct rdb_reader *r, double *score)
{
    uint8_t len;
    struct slice text;
    if (!rdb_read_byte(r, &len))
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

static struct entry *load_plain_zset(struct rdb_reader *r, struct slice key)
{
    uint64_t count;
    struct slice member;
    double score;
    struct entry *e = zset_create(key);
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--)
        done = rdb_read_string(r, RDB_VALUE, &member) &&
               read_score(r, &score) &&
               (add_member(e, member, score) ||
                rdb_fail(r, "Duplicate zset fields detected"));
    return keep(e, done, zset_length(e));
}

static struct entry *load_stream(struct rdb_reader *r, struct slice key)
{
    return rdb_read_stream(r, key, false);
}

const struct rdb_format more_rdb_formats[] = {
    {.byte = 1, .load = load_plain_list},
    {.byte = 10, .load = load_list_ziplist},
    {.byte = 14, .load = load_quicklist},
    {.byte = 9, .load = load_zipmap},
    {.byte = 13, .load = load_hash_ziplist},
    {.byte = 3, .load = load_plain_zset},
    {.byte = 12, .load = load_zset_ziplist},
    {.byte = 15, .load = load_stream},
    {.load = NULL},
};
