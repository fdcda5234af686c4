#include "persist/rdb.h"

#include <string.h>

#include "common/clock.h"
#include "common/crc64.h"
#include "common/log.h"
#include "common/numbers.h"
#include "common/version.h"
#include "common/zmalloc.h"
#include "persist/rdb_format.h"
#include "store/keyspace.h"
#include "store/settings.h"
#include "store/type.h"

/* What is not the type of a value. */
enum {
    OP_FUNCTION = 0xF5,
    OP_MODULE = 0xF7,
    OP_IDLE = 0xF8,
    OP_FREQUENCY = 0xF9,
    OP_AUX = 0xFA,
    OP_RESIZE = 0xFB,
    OP_EXPIRE_MS = 0xFC,
    OP_EXPIRE_S = 0xFD,
    OP_DATABASE = 0xFE,
    OP_END = 0xFF,
};

enum {
    CHECKSUM_BYTES = 8,
    CHECKSUM_SINCE = 5, /* a file of a lower version has none */
    MAGIC_BYTES = 5,
    VERSION_DIGITS = 4,
};

/* Writes a fact about the server. */
static void save_aux(struct rdb_writer *w, const char *name,
                     struct slice value)
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

static void save_entry(struct rdb_writer *w, const struct entry *e)
{
    const struct rdb_format *format = rdb_format_of(e);
    if (entry_is_volatile(e)) {
        rdb_write_byte(w, OP_EXPIRE_MS);
        rdb_write_number(w, (uint64_t)entry_expiry(e), sizeof(int64_t));
    }
    if (store_settings.policy & EVICT_LRU) {
        rdb_write_byte(w, OP_IDLE);
        rdb_write_length(w, (uint64_t)entry_idle_s(e));
    }
    if (store_settings.policy & EVICT_LFU) {
        rdb_write_byte(w, OP_FREQUENCY);
        rdb_write_byte(w, (uint8_t)entry_frequency(e));
    }
    rdb_write_byte(w, format->byte);
    rdb_write_string(w, entry_key(e));
    format->save(w, e);
}

/* What the dict calls for each key of a database. */
static void save_node(void *writer, struct dict_node *node)
{
    save_entry(writer, (const struct entry *)node);
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
    dict_each(&db->keys, save_node, w);
}

void rdb_save(struct rdb_writer *w)
{
    rdb_write_bytes(w, "REDIS0010", MAGIC_BYTES + VERSION_DIGITS);
    save_aux(w, "redis-ver", SLICE(REDIS_VERSION));
    save_aux_number(w, "redis-bits", (int64_t)sizeof(void *) * 8);
    save_aux_number(w, "ctime", clock_ms() / 1000);
    save_aux_number(w, "used-mem", (int64_t)zmalloc_used_memory());
    save_aux_number(w, "aof-base", 0);
    for (int i = 0; i < db_count(); i++)
        save_database(w, db_at(i));
    rdb_write_byte(w, OP_END);
    rdb_flush(w);
    rdb_write_number(w, w->checksum, CHECKSUM_BYTES);
    rdb_flush(w);
}

/* How far a load is. */
struct load {
    struct db *db; /* that of the next key */
    struct rdb_found *found;

    /* What the next key has besides its value. */
    int64_t expiry_ms; /* or NO_EXPIRY */
    int64_t idle_s, frequency; /* -1: not given */
};

/* Forgets what was given for a key, before the next one. */
static void begin_key(struct load *load)
{
    load->expiry_ms = NO_EXPIRY;
    load->idle_s = load->frequency = -1;
}

static bool load_database(struct rdb_reader *r, struct load *load)
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

/* Makes room for so many keys, if the file can have them at all: each takes
 * three bytes or more. */
static bool load_size(struct rdb_reader *r, struct load *load)
{
    uint64_t keys, expires;
    if (!rdb_read_length(r, &keys) || !rdb_read_length(r, &expires))
        return false;
    if (keys <= (uint64_t)(r->end - r->at) / 3)
        dict_reserve(&load->db->keys, keys);
    return true;
}

/* Reads a time: 4 bytes in seconds, as long ago, or 8 in milliseconds. */
static bool load_expiry(struct rdb_reader *r, struct load *load, int bytes)
{
    uint64_t time;
    if (!rdb_read_number(r, bytes, &time))
        return false;
    load->expiry_ms =
        bytes == 4 ? (int64_t)(int32_t)time * 1000 : (int64_t)time;
    return true;
}

static bool load_idle(struct rdb_reader *r, struct load *load)
{
    uint64_t idle_s;
    if (!rdb_read_length(r, &idle_s))
        return false;
    load->idle_s = (int64_t)(idle_s & INT32_MAX);
    return true;
}

static bool load_frequency(struct rdb_reader *r, struct load *load)
{
    uint8_t frequency;
    if (!rdb_read_byte(r, &frequency))
        return false;
    load->frequency = frequency;
    return true;
}

/* Skips what another server knows and this one does not. */
static bool skip_strings(struct rdb_reader *r, int count)
{
    struct slice s;
    while (count > 0 && rdb_read_string(r, RDB_VALUE, &s))
        count--;
    return count == 0;
}

/* Adds an entry, or frees it: one that has expired would be missing anyway. */
static bool add_entry(struct rdb_reader *r, struct load *load, struct entry *e)
{
    if (load->expiry_ms != NO_EXPIRY)
        e = entry_set_expiry(e, load->expiry_ms);
    if (load->idle_s >= 0)
        entry_set_idle(e, load->idle_s);
    if (load->frequency >= 0)
        entry_set_frequency(e, (uint32_t)load->frequency);
    if (entry_is_expired(e)) {
        load->found->expired++;
        entry_free(e);
        return true;
    }
    if (!db_restore(load->db, e)) {
        entry_free(e);
        return rdb_fail(r, "RDB has duplicated key");
    }
    load->found->keys++;
    return true;
}

static bool load_entry(struct rdb_reader *r, struct load *load, uint8_t type)
{
    struct slice key;
    const struct rdb_format *format = rdb_format_at(type);
    if (!format)
        return rdb_fail(r, "Unknown RDB encoding type");
    if (!rdb_read_string(r, RDB_KEY, &key))
        return false;
    if (key.len > UINT32_MAX)
        return rdb_fail(r, "The key is too long");
    struct entry *e = format->load(r, key);
    load->found->empty += !e && !r->reason;
    bool done = e ? add_entry(r, load, e) : !r->reason;
    begin_key(load);
    return done;
}

/* Reads what follows an opcode, or a key of the type that it is instead. */
static bool load_part(struct rdb_reader *r, struct load *load, uint8_t opcode)
{
    switch (opcode) {
    case OP_AUX:
        return skip_strings(r, 2);
    case OP_FUNCTION:
        return skip_strings(r, 1);
    case OP_MODULE:
        return rdb_fail(r, "The RDB file contains module data");
    case OP_DATABASE:
        return load_database(r, load);
    case OP_RESIZE:
        return load_size(r, load);
    case OP_EXPIRE_MS:
        return load_expiry(r, load, 8);
    case OP_EXPIRE_S:
        return load_expiry(r, load, 4);
    case OP_IDLE:
        return load_idle(r, load);
    case OP_FREQUENCY:
        return load_frequency(r, load);
    default:
        return load_entry(r, load, opcode);
    }
}

/* Reads the magic word and the version. */
static bool load_header(struct rdb_reader *r, int *version)
{
    struct slice magic, digits;
    *version = 0;
    if (!rdb_read_bytes(r, MAGIC_BYTES, &magic) ||
        !rdb_read_bytes(r, VERSION_DIGITS, &digits))
        return false;
    if (!slice_equal(magic, SLICE("REDIS")))
        return rdb_fail(r, "Wrong signature trying to load DB from file");
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return rdb_fail(r, "Can't handle RDB format version");
        *version = *version * 10 + digits.ptr[i] - '0';
    }
    return (*version >= 1 && *version <= RDB_VERSION) ||
           rdb_fail(r, "Can't handle RDB format version");
}

/* Compares the checksum at the end with that of all bytes before it. */
static bool load_checksum(struct rdb_reader *r)
{
    uint64_t expected;
    size_t bytes = (size_t)(r->at - r->start);
    if (!rdb_read_number(r, CHECKSUM_BYTES, &expected))
        return false;
    if (expected == 0)
        log_write(LOG_NOTICE, "RDB file was saved with checksum disabled: no "
                              "check performed.");
    return expected == 0 || !rdb_settings.checksum ||
           expected == crc64(0, r->start, bytes) ||
           rdb_fail(r, "RDB CRC error");
}

bool rdb_load(struct rdb_reader *r, struct rdb_found *found)
{
    struct load load = {.db = db_at(0), .found = found};
    uint8_t opcode;
    int version;
    *found = (struct rdb_found){0};
    if (!load_header(r, &version))
        return false;
    begin_key(&load);
    while (rdb_read_byte(r, &opcode)) {
        if (opcode == OP_END)
            return version < CHECKSUM_SINCE || load_checksum(r);
        if (!load_part(r, &load, opcode))
            return false;
    }
    return false;
}
