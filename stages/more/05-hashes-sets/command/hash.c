/* hash: adds HMSET, HMGET, HSETNX, HKEYS, HVALS, HSTRLEN, HINCRBY,
 * HINCRBYFLOAT, HRANDFIELD and HSCAN. */
#include "store/hash.h"

#include <math.h>

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "more/02-keyspace/command/errors.h"
#include "more/05-hashes-sets/command/families.h"
#include "more/05-hashes-sets/command/random_reply.h"
#include "more/05-hashes-sets/command/value_scan.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* Sets a field of the client's first key, and reports the change. `e` is the
 * key's entry, or NULL: then the hash is created. */
static void set_field(struct client *c, struct entry *e, struct slice field,
                      struct slice value, const char *event)
{
    if (!e) {
        e = hash_create(c->argv[1]);
        db_add(c->db, e);
    }
    hash_set(e, field, value);
    key_changed(c->db, c->argv[1], event);
}

/* HMSET key field value [field value ...]: HSET with another reply. */
static void hmset_command(struct client *c)
{
    struct entry *e;
    if (c->argc % 2 != 0) {
        reply_error(c, "ERR wrong number of arguments for 'hmset' command");
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (!e) {
        e = hash_create(c->argv[1]);
        db_add(c->db, e);
    }
    for (int i = 2; i < c->argc; i += 2)
        hash_set(e, c->argv[i], c->argv[i + 1]);
    key_changed(c->db, c->argv[1], "hset");
    reply_ok(c);
}

/* HMGET key field [field ...] */
static void hmget_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        char scratch[INT64_TEXT_MAX];
        struct slice value;
        if (e && hash_find(e, c->argv[i], scratch, &value))
            reply_bulk(c, value);
        else
            reply_null(c);
    }
}

/* HSETNX key field value */
static void hsetnx_command(struct client *c)
{
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    struct slice value;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    bool absent = !e || !hash_find(e, c->argv[2], scratch, &value);
    if (absent)
        set_field(c, e, c->argv[2], c->argv[3], "hset");
    reply_integer(c, absent);
}

/* HSTRLEN key field */
static void hstrlen_command(struct client *c)
{
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    struct slice value;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    bool found = e && hash_find(e, c->argv[2], scratch, &value);
    reply_integer(c, found ? (int64_t)value.len : 0);
}

/* Replies with all fields, or with all values. */
static void reply_half(struct client *c, bool wants_fields)
{
    struct entry *e;
    struct hash_iterator it;
    struct slice field, value;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    reply_array(c, e ? hash_length(e) : 0);
    if (!e)
        return;
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value))
        reply_bulk(c, wants_fields ? field : value);
}

/* HKEYS key */
static void hkeys_command(struct client *c)
{
    reply_half(c, true);
}

/* HVALS key */
static void hvals_command(struct client *c)
{
    reply_half(c, false);
}

/* HINCRBY key field increment: a field that is missing counts from zero. */
static void hincrby_command(struct client *c)
{
    struct entry *e;
    int64_t value = 0, increment;
    char scratch[INT64_TEXT_MAX];
    struct slice old;
    if (!integer_or_reply(c, c->argv[3], &increment) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (e && hash_find(e, c->argv[2], scratch, &old) &&
        !parse_int64(old, &value)) {
        reply_error(c, "ERR hash value is not an integer");
        return;
    }
    if (__builtin_add_overflow(value, increment, &value)) {
        reply_error(c, "ERR increment or decrement would overflow");
        return;
    }
    struct slice sum = {scratch, format_int64(scratch, value)};
    set_field(c, e, c->argv[2], sum, "hincrby");
    reply_integer(c, value);
}

/* HINCRBYFLOAT key field increment: is propagated with the sum, because another
 * machine could compute another. */
static void hincrbyfloat_command(struct client *c)
{
    struct entry *e;
    long double value = 0, increment;
    char scratch[INT64_TEXT_MAX], text[LONG_DOUBLE_TEXT_MAX];
    struct slice old;
    if (!parse_long_double(c->argv[3], &increment)) {
        reply_error(c, ERR_NOT_FLOAT);
        return;
    }
    if (!isfinite(increment)) {
        reply_error(c, "ERR value is NaN or Infinity");
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (e && hash_find(e, c->argv[2], scratch, &old) &&
        !parse_long_double(old, &value)) {
        reply_error(c, "ERR hash value is not a float");
        return;
    }
    value += increment;
    if (!isfinite(value)) {
        reply_error(c, "ERR increment would produce NaN or Infinity");
        return;
    }
    struct slice sum = {text, format_long_double(text, value)};
    set_field(c, e, c->argv[2], sum, "hincrbyfloat");
    propagate_as(c, 4,
                 (struct slice[]){SLICE("HSET"), c->argv[1], c->argv[2], sum});
    reply_bulk(c, sum);
}

/* HRANDFIELD key [count [WITHVALUES]] */
static void hrandfield_command(struct client *c)
{
    struct entry *e;
    int64_t count;
    bool with_values;
    if (!random_pairs_or_reply(c, "withvalues", &count, &with_values) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (c->argc == 2)
        reply_random(c, e);
    else
        reply_randoms(c, e, count, with_values);
}

/* HSCAN key cursor [MATCH pattern] [COUNT count] */
static void hscan_command(struct client *c)
{
    scan_value(c, &hash_scan);
}

const struct command more_hash_commands[] = {
    {.name = "hmset",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hmset_command},
    {.name = "hmget", .arity = -3, .handler = hmget_command},
    {.name = "hsetnx",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hsetnx_command},
    {.name = "hkeys", .arity = 2, .handler = hkeys_command},
    {.name = "hvals", .arity = 2, .handler = hvals_command},
    {.name = "hstrlen", .arity = 3, .handler = hstrlen_command},
    {.name = "hincrby",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hincrby_command},
    {.name = "hincrbyfloat",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hincrbyfloat_command},
    {.name = "hrandfield", .arity = -2, .handler = hrandfield_command},
    {.name = "hscan", .arity = -3, .handler = hscan_command},
    {.name = NULL},
};
