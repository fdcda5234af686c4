#include "persist/rdb_format.h"

#include <math.h>
#include <string.h>

#include "common/zmalloc.h"
#include "store/field.h"
#include "store/hash.h"
#include "store/intset.h"
#include "store/list.h"
#include "store/listpack.h"
#include "store/set.h"
#include "store/settings.h"
#include "store/string.h"
#include "store/type.h"
#include "store/zset.h"

enum { NODE_PLAIN = 1, NODE_PACKED = 2 }; /* what a node of a list is */

static const struct rdb_format *by_byte[RDB_TYPES];
static const struct rdb_format *by_encoding[TYPE_COUNT][ENCODING_COUNT];

void rdb_formats_add(const struct rdb_format *row)
{
    for (; row->load; row++) {
        by_byte[row->byte] = row;
        for (int i = 0; i < ENCODING_COUNT; i++) {
            if (row->encodings & 1U << i)
                by_encoding[row->type][i] = row;
        }
    }
}

const struct rdb_format *rdb_format_of(const struct entry *e)
{
    return by_encoding[e->type][e->encoding];
}

const struct rdb_format *rdb_format_at(uint8_t byte)
{
    return byte < RDB_TYPES ? by_byte[byte] : NULL;
}

/* Frees an entry that could not be read to its end, or is empty. Returns
 * NULL. */
static struct entry *give_up(struct entry *e)
{
    entry_free(e);
    return NULL;
}

static void save_string(struct rdb_writer *w, const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    rdb_write_string(w, string_value(e, scratch));
}

static struct entry *load_string(struct rdb_reader *r, struct slice key)
{
    struct slice value;
    return rdb_read_string(r, RDB_VALUE, &value) ? string_create(key, value)
                                                 : NULL;
}

static void save_pack(struct rdb_writer *w, const uint8_t *pack)
{
    rdb_write_string(
        w, (struct slice){(const char *)pack, listpack_bytes(pack)});
}

/* Returns whether each `stride`-th element is another: two of the same would be
 * found once and counted twice. */
static bool has_no_twins(const uint8_t *pack, size_t stride)
{
    struct dict *seen = fields_create();
    bool is_new = true;
    size_t i = 0, end = listpack_end(pack);
    for (size_t at = listpack_first(pack); is_new && at != end; i++) {
        char scratch[INT64_TEXT_MAX];
        if (i % stride == 0)
            is_new = fields_set(seen, listpack_get(pack, at, scratch),
                                SLICE(""));
        at = listpack_next(pack, at);
    }
    fields_free(seen);
    return is_new;
}

uint8_t *rdb_read_pack(struct rdb_reader *r, size_t stride, bool is_set)
{
    struct slice bytes;
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    const uint8_t *pack = (const uint8_t *)bytes.ptr;
    if (!listpack_is_valid(bytes) || listpack_count(pack) % stride != 0 ||
        (is_set && !has_no_twins(pack, stride))) {
        rdb_fail(r, "Listpack integrity check failed.");
        return NULL;
    }
    return memcpy(zmalloc(bytes.len), bytes.ptr, bytes.len);
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
        save_pack(w, node->pack);
    }
}

/* Appends a node that has these elements, or none if there are none. */
static void append_pack(struct list *l, uint8_t *pack)
{
    if (listpack_count(pack) == 0) {
        zfree(pack);
        return;
    }
    struct list_node *node = list_add_node(l, l->tail, NULL);
    zfree(node->pack);
    node->pack = pack;
    node->count = listpack_count(pack);
    l->length += node->count;
}

/* An element that has a node for itself is an element like others here. */
static bool load_node(struct rdb_reader *r, struct list *l)
{
    uint64_t kind;
    struct slice value;
    if (!rdb_read_length(r, &kind))
        return false;
    if (kind == NODE_PACKED) {
        uint8_t *pack = rdb_read_pack(r, 1, false);
        if (pack)
            append_pack(l, pack);
        return pack;
    }
    if (kind != NODE_PLAIN)
        return rdb_fail(r, "Unknown quicklist node container");
    if (!rdb_read_string(r, RDB_VALUE, &value))
        return false;
    list_push(l, LIST_TAIL, value);
    return true;
}

static struct entry *load_list(struct rdb_reader *r, struct slice key)
{
    uint64_t nodes;
    struct entry *e = list_create(key);
    bool done = rdb_read_length(r, &nodes);
    for (; done && nodes > 0; nodes--)
        done = load_node(r, entry_list(e));
    return done && entry_list(e)->length > 0 ? e : give_up(e);
}

static void save_intset(struct rdb_writer *w, const struct entry *e)
{
    const struct intset *s = entry_pointer(e);
    size_t bytes = sizeof *s + (size_t)s->count * s->width;
    rdb_write_string(w, (struct slice){(const char *)s, bytes});
}

static struct entry *load_intset(struct rdb_reader *r, struct slice key)
{
    struct slice bytes;
    if (!rdb_read_string(r, RDB_VALUE, &bytes))
        return NULL;
    struct intset *s = zmalloc(bytes.len);
    memcpy(s, bytes.ptr, bytes.len);
    bool is_valid = intset_is_valid(s, bytes.len);
    if (!is_valid)
        rdb_fail(r, "Intset integrity check failed.");
    if (!is_valid || s->count == 0) {
        zfree(s);
        return NULL;
    }
    struct entry *e = entry_create(key, TYPE_SET, ENCODING_INTSET);
    entry_set_pointer(e, s);
    set_fit(e);
    return e;
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

static struct entry *load_set(struct rdb_reader *r, struct slice key)
{
    uint64_t count;
    struct slice member;
    struct entry *e = set_create(key);
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--)
        done = rdb_read_string(r, RDB_VALUE, &member) &&
               (set_add(e, member) ||
                rdb_fail(r, "Duplicate set members detected"));
    return done && set_size(e) > 0 ? e : give_up(e);
}

/* Saves a hash or a sorted set that is packed. */
static void save_packed(struct rdb_writer *w, const struct entry *e)
{
    save_pack(w, entry_pointer(e));
}

static struct entry *load_packed_hash(struct rdb_reader *r, struct slice key)
{
    uint8_t *pack = rdb_read_pack(r, 2, true);
    if (!pack)
        return NULL;
    struct entry *e = entry_create(key, TYPE_HASH, ENCODING_LISTPACK);
    entry_set_pointer(e, pack);
    hash_fit(e);
    return hash_length(e) > 0 ? e : give_up(e);
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

static struct entry *load_hash(struct rdb_reader *r, struct slice key)
{
    uint64_t count;
    struct slice field, value;
    struct entry *e = hash_create(key);
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--)
        done = rdb_read_string(r, RDB_NAME, &field) &&
               rdb_read_string(r, RDB_VALUE, &value) &&
               (hash_set(e, field, value) ||
                rdb_fail(r, "Duplicate hash fields detected"));
    return done && hash_length(e) > 0 ? e : give_up(e);
}

/* Returns whether each second element is the text of a number. */
static bool has_scores(const uint8_t *pack)
{
    char scratch[INT64_TEXT_MAX];
    double score;
    size_t at = listpack_first(pack);
    while (at != listpack_end(pack)) {
        at = listpack_next(pack, at);
        if (!parse_double(listpack_get(pack, at, scratch), &score))
            return false;
        at = listpack_next(pack, at);
    }
    return true;
}

static struct entry *load_packed_zset(struct rdb_reader *r, struct slice key)
{
    uint8_t *pack = rdb_read_pack(r, 2, true);
    if (!pack)
        return NULL;
    struct entry *e = entry_create(key, TYPE_ZSET, ENCODING_LISTPACK);
    entry_set_pointer(e, pack);
    bool is_valid = has_scores(pack);
    if (!is_valid)
        rdb_fail(r, "Zset ziplist integrity check failed.");
    if (!is_valid || zset_length(e) == 0)
        return give_up(e);
    if (zset_length(e) > (uint64_t)store_settings.zset_pack_entries)
        zset_convert(e);
    return e;
}

/* The highest score comes first, because each is then inserted at the head. */
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
        rdb_write_number(w, bits, sizeof bits);
    }
}

/* Reads a member with its score. */
static bool load_member(struct rdb_reader *r, struct entry *e)
{
    struct slice member;
    double score;
    uint64_t bits;
    if (!rdb_read_string(r, RDB_VALUE, &member) ||
        !rdb_read_number(r, sizeof bits, &bits))
        return false;
    memcpy(&score, &bits, sizeof score);
    if (isnan(score))
        return rdb_fail(r, "Zset with NAN score detected");
    return zset_add(e, member, &score, 0) == ZSET_ADDED ||
           rdb_fail(r, "Duplicate zset fields detected");
}

static struct entry *load_zset(struct rdb_reader *r, struct slice key)
{
    uint64_t count;
    struct entry *e = zset_create(key);
    bool done = rdb_read_length(r, &count);
    for (; done && count > 0; count--)
        done = load_member(r, e);
    return done && zset_length(e) > 0 ? e : give_up(e);
}

enum {
    ANY_STRING = 1 << ENCODING_RAW | 1 << ENCODING_INT | 1 << ENCODING_EMBSTR
};

const struct rdb_format rdb_formats[] = {
    {0, TYPE_STRING, ANY_STRING, save_string, load_string},
    {18, TYPE_LIST, 1 << ENCODING_QUICKLIST, save_list, load_list},
    {11, TYPE_SET, 1 << ENCODING_INTSET, save_intset, load_intset},
    {2, TYPE_SET, 1 << ENCODING_HASHTABLE, save_set, load_set},
    {16, TYPE_HASH, 1 << ENCODING_LISTPACK, save_packed, load_packed_hash},
    {4, TYPE_HASH, 1 << ENCODING_HASHTABLE, save_hash, load_hash},
    {17, TYPE_ZSET, 1 << ENCODING_LISTPACK, save_packed, load_packed_zset},
    {5, TYPE_ZSET, 1 << ENCODING_SKIPLIST, save_zset, load_zset},
    {19, TYPE_STREAM, 1 << ENCODING_STREAM, rdb_save_stream, rdb_load_stream},
    {.load = NULL},
};
