#include "persist/rdb.h"

#include "common/clock.h"
#include "common/crc64.h"
#include "common/numbers.h"
#include "common/version.h"
#include "common/zmalloc.h"
#include "persist/rdb_format.h"
#include "store/type.h"

/* What is not the type of a value. */
enum {
    OP_IDLE = 0xF8, /* how long the next key was not used */
    OP_FREQUENCY = 0xF9, /* how often it is used */
    OP_AUX = 0xFA,
    OP_RESIZE = 0xFB,
    OP_EXPIRE_MS = 0xFC,
    OP_DATABASE = 0xFE,
    OP_END = 0xFF,
};

enum { HEADER_BYTES = 9, MAGIC_BYTES = 5, CHECKSUM_BYTES = 8, TIME_BYTES = 8 };
enum { CHECKSUM_SINCE = 5 }; /* a file of a lower version has none */

/* Write a fact about the server. */
static void save_aux(struct rdb_writer *w, const char *name, struct slice value)
{
    rdb_write_byte(w, OP_AUX);
    rdb_write_string(w, slice_of(name));
    rdb_write_string(w, value);
}

static void save_aux_number(struct rdb_writer *w, const char *name,
                            int64_t value)
{
    char text[INT64_TEXT_MAX];
    save_aux(w, name, (struct slice){text, format_int64(text, value)});
}

/* What the dict calls for each key of a database. */
static void save_entry(void *context, struct dict_node *node)
{
    struct rdb_writer *w = context;
    const struct entry *e = (const struct entry *)node;
    const struct rdb_format *format = rdb_format_of(e);
    if (entry_is_volatile(e)) {
        rdb_write_byte(w, OP_EXPIRE_MS);
        rdb_write_number(w, (uint64_t)entry_expiry(e), TIME_BYTES, LOW_FIRST);
    }
    if (rdb_extension)
        rdb_extension->save(w, e);
    rdb_write_byte(w, format->byte);
    rdb_write_string(w, entry_key(e));
    format->save(w, e);
}

static void save_database(struct rdb_writer *w, struct db *db)
{
    if (db_size(db) == 0)
        return;
    rdb_write_byte(w, OP_DATABASE);
    rdb_write_length(w, (uint64_t)db->id);
    rdb_write_byte(w, OP_RESIZE);
    rdb_write_length(w, db_size(db));
    rdb_write_length(w, (uint64_t)db->volatile_count);
    dict_each(&db->keys, save_entry, w);
}

void rdb_save(struct rdb_writer *w)
{
    rdb_write_bytes(w, "REDIS0010", HEADER_BYTES);
    save_aux(w, "redis-ver", SLICE(REDIS_VERSION));
    save_aux_number(w, "redis-bits", (int64_t)sizeof(void *) * 8);
    save_aux_number(w, "ctime", clock_ms() / 1000);
    save_aux_number(w, "used-mem", (int64_t)zmalloc_used_memory());
    save_aux_number(w, "aof-base", 0);
    for (int i = 0; i < db_count(); i++)
        save_database(w, db_at(i));
    rdb_write_byte(w, OP_END);
    rdb_flush(w);
    rdb_write_number(w, w->checksum, CHECKSUM_BYTES, LOW_FIRST);
    rdb_flush(w);
}

/* Skips a fact about the server that wrote the file. */
static bool skip_aux(struct rdb_reader *r)
{
    struct slice s;
    return rdb_read_string(r, RDB_NAME, &s) &&
           rdb_read_string(r, RDB_VALUE, &s);
}

static bool load_database(struct rdb_reader *r, struct rdb_load *load)
{
    uint64_t id;
    if (!rdb_read_length(r, &id))
        return false;
    if (id >= (uint64_t)db_count())
        return rdb_fail(r, "Data file was created with a Redis server "
                           "configured to handle more databases");
    load->db = db_at((int)id);
    return true;
}

static bool skip_sizes(struct rdb_reader *r)
{
    uint64_t keys, expires;
    return rdb_read_length(r, &keys) && rdb_read_length(r, &expires);
}

static bool load_expiry(struct rdb_reader *r, struct rdb_load *load)
{
    uint64_t time;
    if (!rdb_read_number(r, TIME_BYTES, LOW_FIRST, &time))
        return false;
    load->expiry_ms = (int64_t)time;
    return true;
}

/* Adds an entry, or frees it: one that has expired would be missing anyway. */
static bool add_entry(struct rdb_reader *r, struct rdb_load *load,
                      struct entry *e)
{
    if (load->expiry_ms != NO_EXPIRY)
        e = entry_set_expiry(e, load->expiry_ms);
    bool is_expired = entry_is_expired(e);
    bool is_added = !is_expired && db_restore(load->db, e);
    load->expired += is_expired;
    load->keys += is_added;
    if (!is_added)
        entry_free(e);
    return is_added || is_expired || rdb_fail(r, "RDB has duplicated key");
}

struct entry *rdb_load_value(struct rdb_reader *r, uint64_t type,
                             struct slice key)
{
    const struct rdb_format *format = rdb_format_at(type);
    if (!format) {
        rdb_fail(r, "Unknown RDB encoding type");
        return NULL;
    }
    struct entry *e = format->load(r, key);
    if (!e || !rdb_extension || rdb_extension->check(e))
        return e;
    rdb_fail(r, "Integrity check of a value failed");
    return rdb_keep(e, false);
}

static bool load_entry(struct rdb_reader *r, struct rdb_load *load,
                       uint64_t type)
{
    struct slice key;
    if (!rdb_read_string(r, RDB_KEY, &key))
        return false;
    if (key.len > UINT32_MAX)
        return rdb_fail(r, "A key is too long");
    struct entry *e = rdb_load_value(r, type, key);
    if (e && !add_entry(r, load, e))
        return false;
    load->empty += !e && !r->reason;
    load->expiry_ms = NO_EXPIRY;
    return !r->reason;
}

/* Reads what follows an opcode, or a key of the type that it is instead. */
static bool load_part(struct rdb_reader *r, struct rdb_load *load,
                      uint64_t opcode)
{
    uint64_t use;
    if (rdb_extension && rdb_extension->load(r, opcode, load))
        return true;
    switch (opcode) {
    case OP_AUX:
        return skip_aux(r);
    case OP_IDLE:
        return rdb_read_length(r, &use);
    case OP_FREQUENCY:
        return rdb_read_number(r, 1, LOW_FIRST, &use);
    case OP_DATABASE:
        return load_database(r, load);
    case OP_RESIZE:
        return skip_sizes(r);
    case OP_EXPIRE_MS:
        return load_expiry(r, load);
    default:
        return load_entry(r, load, opcode);
    }
}

/* Compares the checksum with that of all bytes before it, and ends there. */
static bool check_sum(struct rdb_reader *r)
{
    if (r->end - r->at < CHECKSUM_BYTES)
        return rdb_fail(r, "Unexpected EOF reading RDB file");
    r->end -= CHECKSUM_BYTES;
    struct rdb_reader sum = {.at = r->end, .end = r->end + CHECKSUM_BYTES};
    uint64_t expected = 0;
    rdb_read_number(&sum, CHECKSUM_BYTES, LOW_FIRST, &expected);
    if (expected == 0 || !rdb_settings.checksum ||
        expected == crc64(0, r->start, (size_t)(r->end - r->start)))
        return true;
    r->at = r->end;
    return rdb_fail(r, "RDB CRC error, the file is cut short or damaged");
}

/* Checks header and checksum, before anything of the file is believed. */
static bool check_whole(struct rdb_reader *r)
{
    struct slice header;
    int64_t version = 0;
    if (!rdb_read_bytes(r, HEADER_BYTES, &header))
        return false;
    if (!slice_equal((struct slice){header.ptr, MAGIC_BYTES}, SLICE("REDIS")))
        return rdb_fail(r, "Wrong signature trying to load DB from file");
    for (size_t i = MAGIC_BYTES; i < header.len; i++)
        version = version * 10 + header.ptr[i] - '0';
    if (version < 1 || version > RDB_VERSION)
        return rdb_fail(r, "Can't handle RDB format version");
    return version < CHECKSUM_SINCE || check_sum(r);
}

bool rdb_load(struct rdb_reader *r, struct rdb_load *load)
{
    uint64_t opcode;
    *load = (struct rdb_load){.db = db_at(0), .expiry_ms = NO_EXPIRY};
    if (!check_whole(r))
        return false;
    while (rdb_read_number(r, 1, LOW_FIRST, &opcode)) {
        if (opcode == OP_END)
            return r->at == r->end || rdb_fail(r, "More bytes after the end");
        if (!load_part(r, load, opcode))
            return false;
    }
    return false;
}
