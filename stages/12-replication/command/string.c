/* string: commands for values that are bytes, or a number written in bytes.
 *
 * How a string is stored is store/string.h's concern: a handler gets its bytes
 * or its number, and gives others. */
#include "command/string.h"

#include <string.h>

#include "command/args.h"
#include "command/call.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/expire.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/resp.h"
#include "store/keyspace.h"
#include "store/string.h"

void reply_string(struct client *c, const struct entry *e)
{
    char scratch[INT64_TEXT_MAX];
    if (e)
        reply_bulk(c, string_value(e, scratch));
    else
        reply_null(c);
}

void set_value(struct client *c, struct slice key, struct slice value)
{
    db_set_string(c->db, key, value);
    key_changed(c->db, key, "set");
}

void set_value_until(struct client *c, struct slice key, struct slice value,
                     int64_t when_ms)
{
    char text[INT64_TEXT_MAX];
    db_set_string_until(c->db, key, value, when_ms);
    key_changed(c->db, key, "set");
    if (when_ms < 0)
        return;
    key_changed(c->db, key, "expire");
    struct slice time = {text, format_int64(text, when_ms)};
    const struct slice argv[] = {SLICE("SET"), key, value, SLICE("PXAT"), time};
    propagate_as(c, 5, argv);
}

struct set_options {
    bool if_absent; /* NX */
    bool if_present; /* XX */
    bool get; /* GET: reply with the old value instead of OK */
    bool keep_expiry; /* KEEPTTL */
    struct time_option time;
};

/* Parses the options after key and value. Replies with an error and returns
 * false if one is unknown or contradicts another. */
static bool set_options_or_reply(struct client *c, struct set_options *options)
{
    for (int i = 3; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        if (!options->keep_expiry && time_option_parse(c, &i, &options->time))
            continue;
        if (slice_is(arg, "nx") && !options->if_present) {
            options->if_absent = true;
        } else if (slice_is(arg, "xx") && !options->if_absent) {
            options->if_present = true;
        } else if (slice_is(arg, "get")) {
            options->get = true;
        } else if (slice_is(arg, "keepttl") && !options->time.form) {
            options->keep_expiry = true;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

/* Propagates the SET without its option GET: where it is repeated, no client
 * waits for the old value. */
static void propagate_without_get(struct client *c)
{
    struct slice *argv = zmalloc((size_t)c->argc * sizeof *argv);
    int argc = 0;
    for (int i = 0; i < c->argc; i++) {
        if (i < 3 || !slice_is(c->argv[i], "get"))
            argv[argc++] = c->argv[i];
    }
    propagate_as(c, argc, argv);
    zfree(argv);
}

/* SET key value [NX | XX] [GET] [EX n | PX n | EXAT n | PXAT n | KEEPTTL]:
 * overwrites a value of any type, except with GET, which replies with an error
 * if it isn't a string. */
static void set_command(struct client *c)
{
    struct slice key = c->argv[1], value = c->argv[2];
    struct set_options options = {0};
    struct entry *e;
    if (!set_options_or_reply(c, &options))
        return;
    int64_t when_ms = options.keep_expiry ? KEEP_EXPIRY : NO_EXPIRY;
    if (options.time.form &&
        !time_or_reply(c, options.time.amount, options.time.form, 1, &when_ms))
        return;
    if (options.get) {
        if (!read_typed_or_reply(c, key, TYPE_STRING, &e))
            return;
        reply_string(c, e);
    }
    bool exists =
        (options.if_absent || options.if_present) && lookup_write(c->db, key);
    if (exists ? options.if_absent : options.if_present) {
        if (!options.get)
            reply_null(c);
        return;
    }
    set_value_until(c, key, value, when_ms);
    if (!options.get)
        reply_ok(c);
    else if (!options.time.form)
        propagate_without_get(c);
}

/* GET key */
static void get_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        reply_string(c, e);
}

bool pairs_or_reply(struct client *c)
{
    if (c->argc % 2 == 1)
        return true;
    reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                 c->command->name);
    return false;
}

/* MSET key value [key value ...]: if a key comes twice, its last value
 * stays. */
static void mset_command(struct client *c)
{
    if (!pairs_or_reply(c))
        return;
    for (int i = 1; i < c->argc; i += 2)
        set_value(c, c->argv[i], c->argv[i + 1]);
    reply_ok(c);
}

/* MGET key [key ...]: a key of another type counts as missing, because an error
 * would keep the client from the other values. */
static void mget_command(struct client *c)
{
    reply_array(c, (size_t)c->argc - 1);
    for (int i = 1; i < c->argc; i++) {
        const struct entry *e = lookup_read(c->db, c->argv[i]);
        reply_string(c, e && e->type == TYPE_STRING ? e : NULL);
    }
}

/* Executes INCR and its relatives: adds to the number in a string and replies
 * with the sum, or with an error. A missing key counts as 0. */
static void add_integer(struct client *c, int64_t increment)
{
    struct entry *e;
    int64_t value = 0;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    if (e && !string_integer(e, &value)) {
        reply_error(c, ERR_NOT_INTEGER);
        return;
    }
    /* Checked before adding: signed overflow is undefined in C. */
    if (increment < 0 ? value < INT64_MIN - increment
                      : value > INT64_MAX - increment) {
        reply_error(c, "ERR increment or decrement would overflow");
        return;
    }
    value += increment;
    db_set_integer(c->db, c->argv[1], e, value);
    key_changed(c->db, c->argv[1], "incrby");
    reply_integer(c, value);
}

/* INCR key */
static void incr_command(struct client *c)
{
    add_integer(c, 1);
}

/* DECR key */
static void decr_command(struct client *c)
{
    add_integer(c, -1);
}

/* INCRBY key increment */
static void incrby_command(struct client *c)
{
    int64_t increment;
    if (integer_or_reply(c, c->argv[2], &increment))
        add_integer(c, increment);
}

/* DECRBY key decrement */
static void decrby_command(struct client *c)
{
    int64_t decrement;
    if (!integer_or_reply(c, c->argv[2], &decrement))
        return;
    if (decrement == INT64_MIN) /* -INT64_MIN is more than an int64 holds */
        reply_error(c, "ERR decrement would overflow");
    else
        add_integer(c, -decrement);
}

bool string_fits_or_reply(struct client *c, size_t len, size_t more)
{
    size_t max = (size_t)resp_max_bulk_len;
    if (len <= max && more <= max - len)
        return true;
    reply_error(c, "ERR string exceeds maximum allowed size "
                   "(proto-max-bulk-len)");
    return false;
}

/* APPEND key value */
static void append_command(struct client *c)
{
    struct slice key = c->argv[1], tail = c->argv[2];
    struct entry *e;
    size_t len = 0;
    if (!write_typed_or_reply(c, key, TYPE_STRING, &e))
        return;
    if (e) {
        char *data;
        len = string_length(e);
        if (!string_fits_or_reply(c, len, tail.len))
            return;
        db_edit_string(c->db, e, len + tail.len, &data);
        memcpy(data + len, tail.ptr, tail.len);
    } else {
        db_add(c->db, string_create(key, tail));
    }
    key_changed(c->db, key, "append");
    reply_integer(c, (int64_t)(len + tail.len));
}

/* STRLEN key */
static void strlen_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        reply_integer(c, e ? (int64_t)string_length(e) : 0);
}

const struct command string_commands[] = {
    {.name = "set",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = set_command},
    {.name = "get", .arity = 2, .handler = get_command},
    {.name = "mset",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = mset_command},
    {.name = "mget", .arity = -2, .handler = mget_command},
    {.name = "incr",
     .arity = 2,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = incr_command},
    {.name = "decr",
     .arity = 2,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = decr_command},
    {.name = "incrby",
     .arity = 3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = incrby_command},
    {.name = "decrby",
     .arity = 3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = decrby_command},
    {.name = "append",
     .arity = 3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = append_command},
    {.name = "strlen", .arity = 2, .handler = strlen_command},
    {.name = NULL},
};
