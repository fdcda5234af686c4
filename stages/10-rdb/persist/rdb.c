#include "persist/rdb.h"

#include "common/crc64.h"
#include "common/version.h"
#include "persist/rdb_format.h"
#include "store/type.h"

/* Opcodes: each stands where the type of a value could stand. */
enum {
    OP_IDLE = 0xF8, /* how long the next key was not used */
    OP_FREQUENCY = 0xF9, /* how often it was used */
    OP_AUX = 0xFA,
    OP_RESIZE = 0xFB,
    OP_EXPIRE_MS = 0xFC,
    OP_DATABASE = 0xFE,
    OP_END = 0xFF,
};

enum { HEADER_BYTES = 9, MAGIC_BYTES = 7, CHECKSUM_BYTES = 8, TIME_BYTES = 8 };
enum { CHECKSUM_SINCE = 5 }; /* files of a lower version have none */

void rdb_save_fact(struct rdb_writer *w, const char *name, struct slice value)
{
    rdb_write_byte(w, OP_AUX);
    rdb_write_string(w, slice_of(name));
    rdb_write_string(w, value);
}

/* Called with each key of a database: writes it with its value. */
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
    rdb_save_fact(w, "redis-ver", SLICE(REDIS_VERSION));
    if (rdb_extension)
        rdb_extension->save_facts(w);
    for (int i = 0; i < db_count(); i++)
        save_database(w, db_at(i));
    rdb_write_byte(w, OP_END);
    rdb_flush(w);
    rdb_write_number(w, w->checksum, CHECKSUM_BYTES, LOW_FIRST);
    rdb_flush(w);
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

/* Adds an entry to its database. Frees it if it has expired, unless the server
 * may not remove keys. */
static void add_entry(struct rdb_reader *r, struct rdb_load *load,
                      struct entry *e)
{
    e = entry_set_expiry(e, load->expiry_ms);
    if (entry_is_expired(e) && removal_is_allowed(REMOVAL_BY_LOADING)) {
        entry_free(e);
        load->expired++;
    } else if (db_restore(load->db, e)) {
        load->keys++;
    } else {
        entry_free(e);
        rdb_fail(r, "RDB has duplicated key");
    }
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
    if (e)
        add_entry(r, load, e);
    load->expiry_ms = NO_EXPIRY;
    return !r->reason;
}

/* Reads what follows an opcode. If it is the type of a value, that is a key. */
static bool load_part(struct rdb_reader *r, struct rdb_load *load,
                      uint64_t opcode)
{
    struct slice skipped;
    uint64_t number, expires;
    if (rdb_extension && rdb_extension->load(r, opcode, load))
        return true;
    switch (opcode) {
    case OP_AUX:
        return rdb_read_string(r, RDB_NAME, &skipped) &&
               rdb_read_string(r, RDB_VALUE, &skipped);
    case OP_IDLE:
        return rdb_read_length(r, &number);
    case OP_FREQUENCY:
        return rdb_read_number(r, 1, LOW_FIRST, &number);
    case OP_DATABASE:
        return load_database(r, load);
    case OP_RESIZE:
        return rdb_read_length(r, &number) && rdb_read_length(r, &expires);
    case OP_EXPIRE_MS:
        return rdb_read_number(r, TIME_BYTES, LOW_FIRST,
                               (uint64_t *)&load->expiry_ms);
    default:
        return load_entry(r, load, opcode);
    }
}

/* Compares the last eight bytes with the checksum of all others. The reader
 * then ends before them. */
static bool check_sum(struct rdb_reader *r)
{
    if (r->end - r->at < CHECKSUM_BYTES)
        return rdb_fail(r, "Unexpected EOF reading RDB file");
    r->end -= CHECKSUM_BYTES;
    struct rdb_reader sum = {.at = r->end, .end = r->end + CHECKSUM_BYTES};
    uint64_t expected = 0;
    rdb_read_number(&sum, CHECKSUM_BYTES, LOW_FIRST, &expected);
    if (expected == 0 || !rdb_checksum ||
        expected == crc64(0, r->start, (size_t)(r->end - r->start)))
        return true;
    r->at = r->end;
    return rdb_fail(r, "RDB CRC error, the file is cut short or damaged");
}

/* Checks the header and the checksum before the reader believes the rest. */
static bool check_whole(struct rdb_reader *r)
{
    struct slice header;
    if (!rdb_read_bytes(r, HEADER_BYTES, &header))
        return false;
    if (!slice_equal((struct slice){header.ptr, MAGIC_BYTES}, SLICE("REDIS00")))
        return rdb_fail(r, "Wrong signature trying to load DB from file");
    int version = (header.ptr[MAGIC_BYTES] - '0') * 10 +
                  header.ptr[MAGIC_BYTES + 1] - '0';
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
