/* string: values that are bytes, and numbers written in them. */
#include "store/string.h"

#include <math.h>
#include <string.h>

#include "command/args.h"
#include "command/command.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"
#include "net/resp.h"
#include "store/keyspace.h"
#include "store/settings.h"

/* Answers the value of a key, or null. False when it is of another type, which
 * is what the client was told then. */
static bool reply_value(struct client *c, struct slice key)
{
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    if (!read_typed(c, key, TYPE_STRING, &e))
        return false;
    if (e)
        reply_bulk(c, string_value(e, scratch));
    else
        reply_null(c);
    return true;
}

/* Stores, and says so; what the key held, of whatever type, is gone. */
static void set_and_report(struct client *c, struct slice key,
                           struct slice value)
{
    db_set_string(c->db, key, value);
    key_changed(c->db, key, "set");
}

struct set_options {
    bool if_absent; /* NX */
    bool if_present; /* XX */
    bool get; /* the reply is the value so far */
};

/* Reads what stands behind key and value. Answers what it does not know. */
static bool parse_set_options(struct client *c, struct set_options *options)
{
    for (int i = 3; i < c->argc; i++) {
        struct slice arg = c->argv[i];
        if (slice_is(arg, "nx") && !options->if_present) {
            options->if_absent = true;
        } else if (slice_is(arg, "xx") && !options->if_absent) {
            options->if_present = true;
        } else if (slice_is(arg, "get")) {
            options->get = true;
        } else {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
    }
    return true;
}

/* Whether NX and XX allow the key to be set. */
static bool may_be_set(struct client *c, struct slice key,
                       const struct set_options *options)
{
    if (!options->if_absent && !options->if_present)
        return true;
    return options->if_present == (lookup_write(c->db, key) != NULL);
}

/* SET key value [NX | XX] [GET] */
static void set_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct set_options options = {0};
    if (!parse_set_options(c, &options))
        return;
    if (options.get && !reply_value(c, key))
        return;
    if (!may_be_set(c, key, &options)) {
        if (!options.get)
            reply_null(c);
        return;
    }
    set_and_report(c, key, c->argv[2]);
    if (!options.get)
        reply_ok(c);
}

static void get_command(struct client *c)
{
    reply_value(c, c->argv[1]);
}

/* Makes the value of a key an integer; `e` is its entry, or NULL. */
static void store_integer(struct client *c, struct entry *e, int64_t value)
{
    char text[INT64_TEXT_MAX];
    if (!e)
        db_add(c->db, string_create_integer(c->argv[1], value));
    else if (e->encoding == ENCODING_INT)
        entry_set_integer(e, value);
    else
        db_update_string(c->db, e,
                         (struct slice){text, format_int64(text, value)});
}

/* Asked before the sum exists: an overflow of signed numbers has no meaning
 * in C. */
static bool addition_overflows(int64_t a, int64_t b)
{
    return b < 0 ? a < INT64_MIN - b : a > INT64_MAX - b;
}

/* INCR and its like. A key that is missing counts from zero. */
static void add_integer(struct client *c, int64_t increment)
{
    struct entry *e;
    int64_t value = 0;
    if (!write_typed(c, c->argv[1], TYPE_STRING, &e))
        return;
    if (e && !string_integer(e, &value)) {
        reply_error(c, ERR_NOT_INTEGER);
        return;
    }
    if (addition_overflows(value, increment)) {
        reply_error(c, "ERR increment or decrement would overflow");
        return;
    }
    value += increment;
    store_integer(c, e, value);
    key_changed(c->db, c->argv[1], "incrby");
    reply_integer(c, value);
}

static void incr_command(struct client *c)
{
    add_integer(c, 1);
}

static void decr_command(struct client *c)
{
    add_integer(c, -1);
}

static void incrby_command(struct client *c)
{
    int64_t increment;
    if (arg_integer(c, c->argv[2], &increment, NULL))
        add_integer(c, increment);
}

static void decrby_command(struct client *c)
{
    int64_t decrement;
    if (!arg_integer(c, c->argv[2], &decrement, NULL))
        return;
    if (decrement == INT64_MIN) /* has no counterpart */
        reply_error(c, "ERR decrement would overflow");
    else
        add_integer(c, -decrement);
}

/* Whether a string may have that many bytes, `more` behind the first `len`.
 * Answers if not. */
static bool has_room(struct client *c, size_t len, size_t more)
{
    size_t max = (size_t)resp_max_bulk_len;
    if (len <= max && more <= max - len)
        return true;
    reply_error(c, "ERR string exceeds maximum allowed size "
                   "(proto-max-bulk-len)");
    return false;
}

static void append_command(struct client *c)
{
    struct slice key = c->argv[1], tail = c->argv[2];
    struct entry *e;
    size_t len = 0;
    if (!write_typed(c, key, TYPE_STRING, &e))
        return;
    if (e) {
        char *data;
        len = string_length(e);
        if (!has_room(c, len, tail.len))
            return;
        db_edit_string(c->db, e, len + tail.len, &data);
        memcpy(data + len, tail.ptr, tail.len);
    } else {
        db_add(c->db, string_create(key, tail));
    }
    key_changed(c->db, key, "append");
    reply_integer(c, (int64_t)(len + tail.len));
}

static void strlen_command(struct client *c)
{
    struct entry *e;
    if (read_typed(c, c->argv[1], TYPE_STRING, &e))
        reply_integer(c, e ? (int64_t)string_length(e) : 0);
}

/* Whether there is a value for each key. Answers if not. */
static bool has_pairs(struct client *c)
{
    if (c->argc % 2 == 1)
        return true;
    reply_wrong_arity(c);
    return false;
}

/* MSET: [key, value, ...] */
static void set_pairs(struct client *c)
{
    for (int i = 1; i < c->argc; i += 2)
        set_and_report(c, c->argv[i], c->argv[i + 1]);
}

static void mset_command(struct client *c)
{
    if (!has_pairs(c))
        return;
    set_pairs(c);
    reply_ok(c);
}

/* Sets all of the keys or, when one of them is there already, none. */
static void msetnx_command(struct client *c)
{
    if (!has_pairs(c))
        return;
    for (int i = 1; i < c->argc; i += 2) {
        if (lookup_write(c->db, c->argv[i])) {
            reply_integer(c, 0);
            return;
        }
    }
    set_pairs(c);
    reply_integer(c, 1);
}

/* A key of another type counts as missing here: one such key must not keep
 * the client from the others. */
static void mget_command(struct client *c)
{
    reply_array(c, (size_t)c->argc - 1);
    for (int i = 1; i < c->argc; i++) {
        char scratch[INT64_TEXT_MAX];
        const struct entry *e = lookup_read(c->db, c->argv[i]);
        if (e && e->type == TYPE_STRING)
            reply_bulk(c, string_value(e, scratch));
        else
            reply_null(c);
    }
}

static void setnx_command(struct client *c)
{
    bool absent = !lookup_write(c->db, c->argv[1]);
    if (absent)
        set_and_report(c, c->argv[1], c->argv[2]);
    reply_integer(c, absent);
}

static void getset_command(struct client *c)
{
    if (reply_value(c, c->argv[1]))
        set_and_report(c, c->argv[1], c->argv[2]);
}

static void getdel_command(struct client *c)
{
    if (!reply_value(c, c->argv[1]))
        return;
    if (db_delete(c->db, c->argv[1], store_settings.lazy_user_del))
        key_changed(c->db, c->argv[1], "del");
}

/* The part of `s` from one index to another, both inclusive; negative ones
 * count from the end, -1 is the last byte. What is outside is not there. */
static struct slice cut(struct slice s, int64_t start, int64_t end)
{
    int64_t len = (int64_t)s.len;
    if (start < 0 && end < 0 && start > end)
        return SLICE("");
    if (start < 0)
        start = start + len > 0 ? start + len : 0;
    if (end < 0)
        end = end + len > 0 ? end + len : 0;
    if (end >= len)
        end = len - 1;
    if (start > end)
        return SLICE("");
    return (struct slice){s.ptr + start, (size_t)(end - start + 1)};
}

/* GETRANGE and SUBSTR, its name of old. */
static void getrange_command(struct client *c)
{
    int64_t start, end;
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    if (!arg_integer(c, c->argv[2], &start, NULL) ||
        !arg_integer(c, c->argv[3], &end, NULL) ||
        !read_typed(c, c->argv[1], TYPE_STRING, &e))
        return;
    struct slice value = e ? string_value(e, scratch) : SLICE("");
    reply_bulk(c, cut(value, start, end));
}

/* Overwrites bytes of a value, which grows as far as it must. */
static void write_range(struct client *c, struct entry *e, size_t offset,
                        struct slice bytes)
{
    char *data;
    size_t end = offset + bytes.len;
    if (!e) {
        e = string_create_raw(c->argv[1], end);
        db_add(c->db, e);
    }
    db_edit_string(c->db, e, end, &data);
    memcpy(data + offset, bytes.ptr, bytes.len);
    key_changed(c->db, c->argv[1], "setrange");
}

static void setrange_command(struct client *c)
{
    struct slice bytes = c->argv[3];
    struct entry *e;
    int64_t offset;
    if (!arg_integer(c, c->argv[2], &offset, NULL))
        return;
    if (offset < 0) {
        reply_error(c, "ERR offset is out of range");
        return;
    }
    if (!write_typed(c, c->argv[1], TYPE_STRING, &e))
        return;
    size_t len = e ? string_length(e) : 0;
    size_t start = (size_t)offset;
    if (bytes.len > 0) {
        if (!has_room(c, start, bytes.len))
            return;
        write_range(c, e, start, bytes);
        if (len < start + bytes.len)
            len = start + bytes.len;
    }
    reply_integer(c, (int64_t)len);
}

/* Stores the text of a number that may have a fraction. It stays text when it
 * has none, so that adding up fractions does not switch encodings. */
static void store_text(struct client *c, struct entry *e, struct slice text)
{
    if (e && e->encoding == ENCODING_EMBSTR && text.len <= EMBEDDED_MAX &&
        entry_replace_embedded(e, text))
        return;
    struct slice key = c->argv[1];
    struct entry *stored = text.len <= EMBEDDED_MAX
                               ? entry_create_embedded(key, text)
                               : string_create(key, text);
    db_replace(c->db, stored);
}

/* The number in a string, 0 without one. Answers if it is none. */
static bool read_float(struct client *c, const struct entry *e,
                       long double *value)
{
    char scratch[INT64_TEXT_MAX];
    *value = 0;
    return !e || arg_long_double(c, string_value(e, scratch), value, NULL);
}

static void incrbyfloat_command(struct client *c)
{
    struct entry *e;
    long double value, increment;
    char text[LONG_DOUBLE_TEXT_MAX];
    if (!write_typed(c, c->argv[1], TYPE_STRING, &e) ||
        !read_float(c, e, &value) ||
        !arg_long_double(c, c->argv[2], &increment, NULL))
        return;
    value += increment;
    if (!isfinite(value)) {
        reply_error(c, "ERR increment would produce NaN or Infinity");
        return;
    }
    struct slice sum = {text, format_long_double(text, value)};
    store_text(c, e, sum);
    key_changed(c->db, c->argv[1], "incrbyfloat");
    reply_bulk(c, sum);
}

/* clang-format off */
#define ONE_KEY {1, 1, 1}
#define ALL_KEYS {1, -1, 1}
#define PAIRS {1, -1, 2}
/* clang-format on */
#define READ CMD_READONLY
#define WRITE (CMD_WRITE | CMD_DENYOOM)

const struct command string_commands[] = {
    {"set", -3, WRITE, ONE_KEY, set_command, "Stores a value under a key."},
    {"get", 2, READ | CMD_FAST, ONE_KEY, get_command,
     "Answers the value of a key."},
    {"incr", 2, WRITE | CMD_FAST, ONE_KEY, incr_command,
     "Adds one to a number."},
    {"decr", 2, WRITE | CMD_FAST, ONE_KEY, decr_command,
     "Takes one from a number."},
    {"incrby", 3, WRITE | CMD_FAST, ONE_KEY, incrby_command,
     "Adds to a number."},
    {"decrby", 3, WRITE | CMD_FAST, ONE_KEY, decrby_command,
     "Takes from a number."},
    {"append", 3, WRITE | CMD_FAST, ONE_KEY, append_command,
     "Puts bytes behind a value."},
    {"strlen", 2, READ | CMD_FAST, ONE_KEY, strlen_command,
     "Answers how many bytes a value has."},
    {"mset", -3, WRITE, PAIRS, mset_command, "Stores several values."},
    {"mget", -2, READ | CMD_FAST, ALL_KEYS, mget_command,
     "Answers the values of several keys."},
    {"msetnx", -3, WRITE, PAIRS, msetnx_command,
     "Stores several values unless one of the keys exists."},
    {"setnx", 3, WRITE | CMD_FAST, ONE_KEY, setnx_command,
     "Stores a value unless the key exists."},
    {"getset", 3, WRITE | CMD_FAST, ONE_KEY, getset_command,
     "Stores a value and answers the one so far."},
    {"getdel", 2, CMD_WRITE | CMD_FAST, ONE_KEY, getdel_command,
     "Removes a key and answers its value."},
    {"getrange", 4, READ, ONE_KEY, getrange_command,
     "Answers a part of a value."},
    {"substr", 4, READ, ONE_KEY, getrange_command,
     "Answers a part of a value; GETRANGE does the same."},
    {"setrange", 4, WRITE, ONE_KEY, setrange_command,
     "Overwrites a part of a value."},
    {"incrbyfloat", 3, WRITE | CMD_FAST, ONE_KEY, incrbyfloat_command,
     "Adds to a number that may have a fraction."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};
