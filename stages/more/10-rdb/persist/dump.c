/* dump: adds DUMP and RESTORE, which take one value from one server to another.
 *
 *   type value     as in a file, without the key
 *   version        2 bytes
 *   checksum       8 bytes, of all before */
#include <string.h>

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "common/clock.h"
#include "common/crc64.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/debug.h"
#include "more/02-keyspace/store/copy.h"
#include "more/10-rdb/persist/families.h"
#include "more/10-rdb/store/use.h"
#include "net/client.h"
#include "net/reply.h"
#include "persist/rdb.h"
#include "store/type.h"

enum { VERSION_BYTES = 2, CHECKSUM_BYTES = 8 };
enum { FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES };

/* DUMP key */
static void dump_command(struct client *c)
{
    const struct entry *e = lookup_read(c->db, c->argv[1]);
    if (!e) {
        reply_null(c);
        return;
    }
    const struct rdb_format *format = rdb_format_of(e);
    struct rdb_writer w = {.fd = -1};
    rdb_write_byte(&w, format->byte);
    format->save(&w, e);
    rdb_write_number(&w, RDB_VERSION, VERSION_BYTES, LOW_FIRST);
    uint64_t checksum = crc64(0, w.buffer.data, w.buffer.len);
    rdb_write_number(&w, checksum, CHECKSUM_BYTES, LOW_FIRST);
    reply_bulk(c, buffer_slice(&w.buffer));
    buffer_free(&w.buffer);
}

/* What RESTORE is asked for. */
struct restore {
    bool replaces; /* the key may exist */
    bool is_absolute; /* the time is a Unix time */
    int64_t idle_s, frequency; /* -1: not given */
    int64_t ttl; /* 0: none */
};

/* Parses IDLETIME or FREQ at argument *i, and its number. Replies with an error
 * and returns false if it is none of them, or the number is invalid. */
static bool number_option_or_reply(struct client *c, int *i,
                                   struct restore *restore)
{
    bool is_last = *i + 1 == c->argc;
    if (slice_is(c->argv[*i], "idletime") && !is_last &&
        restore->frequency == -1)
        return range_or_reply(c, c->argv[++*i], 0, INT64_MAX, &restore->idle_s,
                              "ERR Invalid IDLETIME value, must be >= 0");
    if (slice_is(c->argv[*i], "freq") && !is_last && restore->idle_s == -1)
        return range_or_reply(c, c->argv[++*i], 0, 255, &restore->frequency,
                              "ERR Invalid FREQ value, must be >= 0 and <= "
                              "255");
    reply_error(c, ERR_SYNTAX);
    return false;
}

/* Parses the options after the payload. Replies with an error and returns false
 * if one is invalid. */
static bool options_or_reply(struct client *c, struct restore *restore)
{
    *restore = (struct restore){.idle_s = -1, .frequency = -1};
    for (int i = 4; i < c->argc; i++) {
        if (slice_is(c->argv[i], "replace"))
            restore->replaces = true;
        else if (slice_is(c->argv[i], "absttl"))
            restore->is_absolute = true;
        else if (!number_option_or_reply(c, &i, restore))
            return false;
    }
    return true;
}

static bool any_checksum; /* is right */

/* DEBUG SET-SKIP-CHECKSUM-VALIDATION 0|1: to try payloads that are broken. */
static void debug_skip_checksum(struct client *c)
{
    any_checksum = slice_is(c->argv[2], "1");
    reply_ok(c);
}

static const struct debug_row checksum_rows[] = {
    {{.name = "debug|set-skip-checksum-validation",
      .arity = 3,
      .handler = debug_skip_checksum},
     "<0|1>",
     "Lets RESTORE accept payloads with a wrong checksum."},
    {{.name = NULL}, NULL, NULL},
};

void dump_open(void)
{
    debug_add(checksum_rows);
}

/* Whether the end of a payload fits what is before it. */
static bool is_intact(struct slice payload)
{
    if (payload.len < FOOTER_BYTES)
        return false;
    const uint8_t *footer =
        (const uint8_t *)payload.ptr + payload.len - FOOTER_BYTES;
    uint64_t checksum = 0;
    for (int i = CHECKSUM_BYTES; i-- > 0;)
        checksum = checksum << 8 | footer[VERSION_BYTES + i];
    return (footer[0] | footer[1] << 8) <= RDB_VERSION &&
           (any_checksum ||
            checksum == crc64(0, payload.ptr, payload.len - CHECKSUM_BYTES));
}

/* Reads a payload. Replies with an error and returns NULL if it is invalid. */
static struct entry *value_or_reply(struct client *c)
{
    struct slice payload = c->argv[3];
    struct rdb_reader r;
    struct entry *e = NULL;
    uint64_t type;
    if (!is_intact(payload)) {
        reply_error(c, "ERR DUMP payload version or checksum are wrong");
        return NULL;
    }
    payload.len -= FOOTER_BYTES;
    rdb_reader_open(&r, payload);
    if (rdb_read_number(&r, 1, LOW_FIRST, &type))
        e = rdb_load_value(&r, type, c->argv[1]);
    rdb_reader_close(&r);
    if (!e)
        reply_error(c, "ERR Bad data format");
    return e;
}

/* Propagates RESTORE with its time as a Unix time. */
static void propagate_absolute(struct client *c, int64_t when_ms)
{
    char text[INT64_TEXT_MAX];
    size_t argc = (size_t)c->argc;
    struct slice *argv = zmalloc((argc + 1) * sizeof *argv);
    memcpy(argv, c->argv, argc * sizeof *argv);
    argv[2] = (struct slice){text, format_int64(text, when_ms)};
    argv[argc] = SLICE("ABSTTL");
    propagate_as(c, c->argc + 1, argv);
    zfree(argv);
}

/* Stores a value whose time is over already: the key is deleted at most. */
static void delete_replaced(struct client *c)
{
    const struct slice argv[] = {SLICE("DEL"), c->argv[1]};
    if (!db_unlink(c->db, c->argv[1]))
        return;
    key_changed(c->db, c->argv[1], "del");
    propagate_as(c, 2, argv);
}

/* Stores what was read, as the options say. Returns false if its time is
 * over. */
static bool store(struct client *c, struct entry *e,
                  const struct restore *restore)
{
    int64_t when_ms = restore->ttl == 0 ? NO_EXPIRY : restore->ttl;
    if (restore->ttl > 0 && !restore->is_absolute)
        when_ms += clock_ticked_ms();
    if (when_ms != NO_EXPIRY && when_ms <= clock_ticked_ms()) {
        entry_free(e);
        return false;
    }
    e = entry_set_expiry(e, when_ms);
    entry_set_use(e, restore->idle_s, restore->frequency);
    db_put(c->db, e);
    key_changed(c->db, c->argv[1], "restore");
    if (restore->ttl > 0 && !restore->is_absolute)
        propagate_absolute(c, when_ms);
    return true;
}

/* RESTORE key ttl payload [REPLACE] [ABSTTL] [IDLETIME seconds]
 *         [FREQ frequency] */
static void restore_command(struct client *c)
{
    struct restore restore;
    if (!options_or_reply(c, &restore))
        return;
    if (!restore.replaces && lookup_write(c->db, c->argv[1])) {
        reply_error(c, "BUSYKEY Target key name already exists.");
        return;
    }
    if (!range_or_reply(c, c->argv[2], 0, INT64_MAX, &restore.ttl,
                        "ERR Invalid TTL value, must be >= 0"))
        return;
    struct entry *e = value_or_reply(c);
    if (!e)
        return;
    if (!store(c, e, &restore))
        delete_replaced(c);
    reply_ok(c);
}

const struct command more_dump_commands[] = {
    {.name = "dump", .arity = 2, .handler = dump_command},
    {.name = "restore",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = restore_command},
    {.name = NULL},
};
