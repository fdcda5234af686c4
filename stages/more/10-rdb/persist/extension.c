/* extension: what a file says of keys besides what the lesson needs, and a
 * close look at each value. */
#include <string.h>

#include "common/clock.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/store/sanitize.h"
#include "more/10-rdb/store/use.h"
#include "persist/rdb.h"
#include "store/hash.h"
#include "store/list.h"
#include "store/set.h"
#include "store/settings.h"
#include "store/zset.h"

enum {
    OP_FUNCTION = 0xF5, /* a library of functions: read over */
    OP_IDLE = 0xF8,
    OP_FREQUENCY = 0xF9,
    OP_AUX = 0xFA,
    OP_RESIZE = 0xFB,
    OP_EXPIRE_S = 0xFD,
};

enum { ROOM_MIN = 1024, KEY_BYTES_MIN = 3 };

struct rdb_progress rdb_progress;
bool rdb_is_base;

static int64_t next_idle_s = -1, next_frequency = -1; /* of the next key */

static void save_number(struct rdb_writer *w, const char *name, int64_t value)
{
    char text[INT64_TEXT_MAX];
    rdb_save_fact(w, name, (struct slice){text, format_int64(text, value)});
}

static void save_facts(struct rdb_writer *w)
{
    if (rdb_progress.saving)
        rdb_progress.saving(true);
    save_number(w, "redis-bits", (int64_t)sizeof(void *) * 8);
    save_number(w, "ctime", clock_ms() / 1000);
    save_number(w, "used-mem", (int64_t)zmalloc_used_memory());
    if (rdb_progress.facts)
        rdb_progress.facts(w);
    save_number(w, "aof-base", rdb_is_base);
}

static void save_use(struct rdb_writer *w, const struct entry *e)
{
    if (rdb_progress.saving)
        rdb_progress.saving(false);
    if (store_settings.policy & EVICT_LRU) {
        rdb_write_byte(w, OP_IDLE);
        rdb_write_length(w, (uint64_t)entry_idle_s(e));
    }
    if (store_settings.policy & EVICT_LFU) {
        rdb_write_byte(w, OP_FREQUENCY);
        rdb_write_byte(w, (uint8_t)entry_frequency(e));
    }
}

/* Reads over a library of functions. */
static bool skip_library(struct rdb_reader *r)
{
    struct slice library;
    return rdb_read_string(r, RDB_VALUE, &library);
}

/* Makes room in a database without keys, so that its dict need not grow again
 * and again. A count that does not fit the file is none. */
static void make_room(const struct rdb_reader *r, struct dict *d, uint64_t keys)
{
    uint64_t size = ROOM_MIN, most = (uint64_t)(r->end - r->at) / KEY_BYTES_MIN;
    if (d->size[0] > 0 || keys < size || keys > most)
        return;
    while (size < keys)
        size *= 2;
    d->table[0] = zcalloc(size, sizeof *d->table[0]);
    d->size[0] = size;
}

/* Reads how many keys follow, and how many of them expire. */
static bool load_counts(struct rdb_reader *r, struct rdb_load *load)
{
    uint64_t keys, expires;
    if (!rdb_read_length(r, &keys) || !rdb_read_length(r, &expires))
        return false;
    make_room(r, &load->db->keys, keys);
    return true;
}

/* Reads a fact; one of them is shown while the file is loaded. */
static bool load_fact(struct rdb_reader *r)
{
    struct slice name, value;
    int64_t bytes;
    if (!rdb_read_string(r, RDB_NAME, &name) ||
        !rdb_read_string(r, RDB_VALUE, &value))
        return false;
    if (rdb_progress.used_memory && slice_equal(name, SLICE("used-mem")) &&
        parse_int64(value, &bytes))
        rdb_progress.used_memory(bytes);
    if (rdb_progress.fact)
        rdb_progress.fact(name, value);
    return true;
}

/* Old files give times in seconds, as 32 bits with a sign. */
static bool load_opcode(struct rdb_reader *r, uint64_t opcode,
                        struct rdb_load *load)
{
    uint64_t number = 0;
    bool done = false;
    if (rdb_progress.loading)
        rdb_progress.loading(r);
    if (opcode == OP_FUNCTION)
        return skip_library(r);
    if (opcode == OP_AUX)
        return load_fact(r);
    if (opcode == OP_RESIZE)
        return load_counts(r, load);
    if (opcode == OP_IDLE && (done = rdb_read_length(r, &number)))
        next_idle_s = (int64_t)(number & INT32_MAX);
    if (opcode == OP_FREQUENCY &&
        (done = rdb_read_number(r, 1, LOW_FIRST, &number)))
        next_frequency = (int64_t)number;
    if (opcode == OP_EXPIRE_S &&
        (done = rdb_read_number(r, 4, LOW_FIRST, &number)))
        load->expiry_ms = (int64_t)(int32_t)number * 1000;
    return done;
}

/* Gives a packed hash that has too many fields a hash table: to set a field is
 * what looks at the limit. */
static void fit_hash(struct entry *e)
{
    struct hash_iterator it;
    struct slice name, value;
    uint64_t most = (uint64_t)store_settings.hash_pack_entries;
    if (e->encoding != ENCODING_LISTPACK || hash_length(e) <= most)
        return;
    hash_iterate(&it, e);
    if (!hash_next(&it, &name, &value))
        return;
    char *names = slice_dup(name), *values = slice_dup(value);
    hash_set(e, (struct slice){names, name.len},
             (struct slice){values, value.len});
    zfree(names);
    zfree(values);
}

/* The same for an intset: to add a member is what looks at the limit. */
static void fit_set(struct entry *e)
{
    struct set_iterator it;
    struct slice member;
    uint64_t most = (uint64_t)store_settings.intset_entries;
    if (e->encoding != ENCODING_INTSET || set_size(e) <= most)
        return;
    set_iterate(&it, e);
    set_next(&it, &member);
    char scratch[INT64_TEXT_MAX];
    memcpy(scratch, member.ptr, member.len);
    set_iterate_end(&it);
    set_remove(e, (struct slice){scratch, member.len});
    set_add(e, (struct slice){scratch, member.len});
}

static void fit_zset(struct entry *e)
{
    uint64_t most = (uint64_t)store_settings.zset_pack_entries;
    if (e->encoding == ENCODING_LISTPACK && zset_length(e) > most)
        zset_convert(e);
}

/* Drops the nodes of a list that have no element. */
static void drop_empty_nodes(struct entry *e)
{
    struct list *l = entry_list(e);
    for (struct list_node *node = l->head, *next; node; node = next) {
        next = node->next;
        if (node->count == 0)
            list_drop_node(l, node);
    }
}

static bool is_empty(const struct entry *e)
{
    switch (e->type) {
    case TYPE_LIST:
        return entry_list(e)->length == 0;
    case TYPE_SET:
        return set_size(e) == 0;
    case TYPE_HASH:
        return hash_length(e) == 0;
    case TYPE_ZSET:
        return zset_length(e) == 0;
    default:
        return false;
    }
}

/* Looks at a stream, gives other values the encoding that they would have now,
 * and the entry what was read of its use. A value without elements is
 * skipped. */
static struct entry *check_value(struct rdb_reader *r, struct entry *e)
{
    static void (*const fit[TYPE_COUNT])(struct entry * e) = {
        [TYPE_LIST] = drop_empty_nodes,
        [TYPE_HASH] = fit_hash,
        [TYPE_SET] = fit_set,
        [TYPE_ZSET] = fit_zset,
    };
    if (e->type == TYPE_STREAM && !stream_is_valid(e)) {
        rdb_fail(r, "Integrity check of a value failed");
        return rdb_keep(e, false);
    }
    if (fit[e->type])
        fit[e->type](e);
    entry_set_use(e, next_idle_s, next_frequency);
    next_idle_s = next_frequency = -1;
    return rdb_keep(e, !is_empty(e));
}

static bool check_pack(enum type type, struct slice bytes)
{
    if (type == TYPE_SET)
        return intset_is_valid(bytes);
    return listpack_is_valid(bytes) &&
           (type != TYPE_HASH || pairs_are_valid(bytes)) &&
           (type != TYPE_ZSET || scores_are_valid(bytes));
}

static const struct rdb_extension more_extension = {
    .save_facts = save_facts,
    .save = save_use,
    .load = load_opcode,
    .check_pack = check_pack,
    .check = check_value,
};

void rdb_extension_open(void)
{
    rdb_extension = &more_extension;
}
