#include "persist/rdb_format.h"

#include <math.h>
#include <string.h>

#include "common/zmalloc.h"
#include "store/hash.h"
#include "store/intset.h"
#include "store/list.h"
#include "store/listpack.h"
#include "store/set.h"
#include "store/string.h"
#include "store/type.h"
#include "store/zset.h"

enum { NODE_PLAIN = 1, NODE_PACKED = 2 }; /* kinds of a list's nodes */

static const struct rdb_format *by_byte[RDB_TYPES];
const struct rdb_extension *rdb_extension;

void rdb_formats_add(const struct rdb_format *row)
{
    for (; row->byte < RDB_TYPES; row++)
        by_byte[row->byte] = row;
}

struct entry *rdb_keep(struct entry *e, bool is_kept)
{
    if (is_kept)
        return e;
    entry_free(e);
    return NULL;
}

bool rdb_read_each(struct rdb_reader *r, void *to, rdb_add_fn *add)
{
    uint64_t count;
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--)
        done = add(r, to) || rdb_fail(r, "An element is there twice");
    return done;
}

void *rdb_read_pack(struct rdb_reader *r, enum type type)
{
    struct slice bytes;
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    if (rdb_extension && !rdb_extension->check_pack(type, bytes)) {
        rdb_fail(r, "Integrity check of a packed value failed");
        return NULL;
    }
    return memcpy(zmalloc(bytes.len), bytes.ptr, bytes.len);
}

static struct entry *load_string(struct rdb_reader *r, struct slice key)
{
    struct slice value;
    return rdb_read_string(r, RDB_VALUE, &value) ? string_create(key, value)
                                                 : NULL;
}

/* Reads a node of a list. Redis gives a large element a plain node of its own;
 * here it is pushed like others. */
static bool load_node(struct rdb_reader *r, void *e)
{
    struct list *l = entry_list(e);
    uint64_t kind;
    struct slice value;
    if (!rdb_read_length(r, &kind))
        return false;
    if (kind == NODE_PLAIN && rdb_read_string(r, RDB_VALUE, &value)) {
        list_push(l, LIST_TAIL, value);
        return true;
    }
    if (kind != NODE_PACKED)
        return rdb_fail(r, "Unknown quicklist node container");
    uint8_t *pack = rdb_read_pack(r, TYPE_LIST);
    if (!pack)
        return false;
    struct list_node *node = list_add_node(l, l->tail, NULL);
    zfree(node->pack);
    node->pack = pack;
    node->count = listpack_count(pack);
    l->length += node->count;
    return true;
}

static bool load_member(struct rdb_reader *r, void *e)
{
    struct slice member;
    return rdb_read_string(r, RDB_VALUE, &member) && set_add(e, member);
}

static bool load_field(struct rdb_reader *r, void *e)
{
    struct slice field, value;
    return rdb_read_string(r, RDB_NAME, &field) &&
           rdb_read_string(r, RDB_VALUE, &value) && hash_set(e, field, value);
}

static bool load_score(struct rdb_reader *r, void *e)
{
    struct slice member;
    double score;
    uint64_t bits;
    if (!rdb_read_string(r, RDB_VALUE, &member) ||
        !rdb_read_number(r, sizeof bits, LOW_FIRST, &bits))
        return false;
    memcpy(&score, &bits, sizeof score);
    if (isnan(score))
        return rdb_fail(r, "Zset with NAN score detected");
    return zset_add(e, member, &score, 0) == ZSET_ADDED;
}

const struct rdb_format *rdb_format_of(const struct entry *e)
{
    const struct rdb_format *row = rdb_formats;
    while (row->type != e->type || row->encoding != e->encoding)
        row++;
    return row;
}

static void save_string(struct rdb_writer *w, const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    rdb_write_string(w, string_value(e, scratch));
}

void rdb_write_pack(struct rdb_writer *w, const uint8_t *pack)
{
    rdb_write_string(w,
                     (struct slice){(const char *)pack, listpack_bytes(pack)});
}

/* Saves a hash or a sorted set that is packed. */
static void save_packed(struct rdb_writer *w, const struct entry *e)
{
    rdb_write_pack(w, entry_pointer(e));
}

static void save_list(struct rdb_writer *w, const struct entry *e)
{
    uint64_t nodes = 0;
    const struct list_node *node;
    for (node = entry_list(e)->head; node; node = node->next)
        nodes++;
    rdb_write_length(w, nodes);
    for (node = entry_list(e)->head; node; node = node->next) {
        rdb_write_length(w, NODE_PACKED);
        rdb_write_pack(w, node->pack);
    }
}

static void save_intset(struct rdb_writer *w, const struct entry *e)
{
    const struct intset *s = entry_pointer(e);
    size_t bytes = sizeof *s + (size_t)s->count * s->width;
    rdb_write_string(w, (struct slice){(const char *)s, bytes});
}

static void save_set(struct rdb_writer *w, const struct entry *e)
{
    struct set_iterator it;
    struct slice member;
    rdb_write_length(w, set_size(e));
    set_iterate(&it, e);
    while (set_next(&it, &member))
        rdb_write_string(w, member);
}

static void save_hash(struct rdb_writer *w, const struct entry *e)
{
    struct hash_iterator it;
    struct slice field, value;
    rdb_write_length(w, hash_length(e));
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value)) {
        rdb_write_string(w, field);
        rdb_write_string(w, value);
    }
}

/* Writes the highest score first: a reader then inserts each at the head. */
static void save_zset(struct rdb_writer *w, const struct entry *e)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    uint64_t bits, count = zset_length(e);
    rdb_write_length(w, count);
    zset_iterate(&it, e, count - 1, count, true);
    while (zset_next(&it, &member, &score)) {
        memcpy(&bits, &score, sizeof bits);
        rdb_write_string(w, member);
        rdb_write_number(w, bits, sizeof bits, LOW_FIRST);
    }
}

const struct rdb_format rdb_formats[] = {
    {0, TYPE_STRING, ENCODING_RAW, save_string, .load = load_string},
    {0, TYPE_STRING, ENCODING_INT, save_string, .load = load_string},
    {0, TYPE_STRING, ENCODING_EMBSTR, save_string, .load = load_string},
    {18, TYPE_LIST, ENCODING_QUICKLIST, save_list, list_create,
     .add = load_node},
    {11, TYPE_SET, ENCODING_INTSET, .save = save_intset},
    {2, TYPE_SET, ENCODING_HASHTABLE, save_set, set_create, .add = load_member},
    {16, TYPE_HASH, ENCODING_LISTPACK, .save = save_packed},
    {4, TYPE_HASH, ENCODING_HASHTABLE, save_hash, hash_create,
     .add = load_field},
    {17, TYPE_ZSET, ENCODING_LISTPACK, .save = save_packed},
    {5, TYPE_ZSET, ENCODING_SKIPLIST, save_zset, zset_create,
     .add = load_score},
    {19, TYPE_STREAM, ENCODING_STREAM, rdb_save_stream,
     .load = rdb_load_stream},
    {.byte = RDB_TYPES},
};

/* Reads a value by its row. */
static struct entry *load_by(const struct rdb_format *row, struct rdb_reader *r,
                             struct slice key)
{
    if (row->load)
        return row->load(r, key);
    if (row->add) {
        struct entry *e = row->create(key);
        return rdb_keep(e, rdb_read_each(r, e, row->add));
    }
    void *pack = rdb_read_pack(r, row->type);
    if (!pack)
        return NULL;
    struct entry *e = entry_create(key, row->type, row->encoding);
    entry_set_pointer(e, pack);
    return e;
}

struct entry *rdb_load_value(struct rdb_reader *r, uint64_t byte,
                             struct slice key)
{
    if (byte >= RDB_TYPES || !by_byte[byte]) {
        rdb_fail(r, "Unknown RDB encoding type");
        return NULL;
    }
    struct entry *e = load_by(by_byte[byte], r, key);
    return e && rdb_extension ? rdb_extension->check(r, e) : e;
}
