/* string: adds SETNX, MSETNX, GETSET, GETDEL, GETRANGE, SETRANGE and
 * INCRBYFLOAT. */
#include "command/string.h"

#include <math.h>
#include <string.h>

#include "command/args.h"
#include "command/call.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/command/errors.h"
#include "more/02-keyspace/command/families.h"
#include "more/02-keyspace/store/embedded.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/string.h"
#include "store/type.h"

enum { CERTAIN_BYTES = 512 * 1024 * 1024 }; /* as much as is usual */

/* SETNX key value */
static void setnx_command(struct client *c)
{
    bool absent = !lookup_write(c->db, c->argv[1]);
    if (absent)
        set_value(c, c->argv[1], c->argv[2]);
    reply_integer(c, absent);
}

/* MSETNX key value [key value ...]: sets all of the keys or, when one of them
 * exists, none. */
static void msetnx_command(struct client *c)
{
    if (!pairs_or_reply(c))
        return;
    for (int i = 1; i < c->argc; i += 2) {
        if (lookup_write(c->db, c->argv[i])) {
            reply_integer(c, 0);
            return;
        }
    }
    for (int i = 1; i < c->argc; i += 2)
        set_value(c, c->argv[i], c->argv[i + 1]);
    reply_integer(c, 1);
}

/* GETSET key value */
static void getset_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    reply_string(c, e);
    set_value(c, c->argv[1], c->argv[2]);
    propagate_as(c, 3, (struct slice[]){SLICE("SET"), c->argv[1], c->argv[2]});
}

/* GETDEL key */
static void getdel_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    reply_string(c, e);
    if (!e)
        return;
    db_delete(c->db, c->argv[1]);
    key_changed(c->db, c->argv[1], "del");
    propagate_as(c, 2, (struct slice[]){SLICE("DEL"), c->argv[1]});
}

/* Returns the part of `s` from one index to another, both inclusive; negative
 * ones count from the end, -1 is the last byte. */
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

/* GETRANGE key start end; SUBSTR is its old name. */
static void getrange_command(struct client *c)
{
    int64_t start, end;
    struct entry *e;
    char scratch[INT64_TEXT_MAX];
    if (!integer_or_reply(c, c->argv[2], &start) ||
        !integer_or_reply(c, c->argv[3], &end) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    struct slice value = e ? string_value(e, scratch) : SLICE("");
    reply_bulk(c, cut(value, start, end));
}

/* Replies with an error and returns false if there is no memory for a value of
 * that length. A few bytes can ask for any length, where `proto-max-bulk-len`
 * allows it; the real server ends then. */
static bool memory_suffices_or_reply(struct client *c, size_t len)
{
    if (len <= CERTAIN_BYTES)
        return true;
    void *probe = ztry_calloc(2, len); /* the old value may have to move */
    zfree(probe);
    if (!probe)
        reply_error(c, "ERR Insufficient memory, failed allocating the string");
    return probe;
}

/* Overwrites bytes of the value, which grows as far as it must. `e` is NULL
 * when the key is missing. */
static void write_range(struct client *c, struct entry *e, size_t offset,
                        struct slice bytes)
{
    char *data;
    if (!e) {
        e = string_create(c->argv[1], SLICE(""));
        db_add(c->db, e);
    }
    db_edit_string(c->db, e, offset + bytes.len, &data);
    memcpy(data + offset, bytes.ptr, bytes.len);
    key_changed(c->db, c->argv[1], "setrange");
}

/* SETRANGE key offset value */
static void setrange_command(struct client *c)
{
    struct slice bytes = c->argv[3];
    struct entry *e;
    int64_t offset;
    if (!integer_or_reply(c, c->argv[2], &offset))
        return;
    if (offset < 0) {
        reply_error(c, "ERR offset is out of range");
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_STRING, &e))
        return;
    size_t len = e ? string_length(e) : 0;
    size_t start = (size_t)offset;
    if (bytes.len > 0) {
        if (!string_fits_or_reply(c, start, bytes.len) ||
            !memory_suffices_or_reply(c, start + bytes.len))
            return;
        write_range(c, e, start, bytes);
        if (len < start + bytes.len)
            len = start + bytes.len;
    }
    reply_integer(c, (int64_t)len);
}

/* Stores the text of a number that may have a fraction. It stays text when it
 * has none, so that adding fractions does not switch encodings. `e` is NULL
 * when the key is missing. */
static void store_text(struct client *c, struct entry *e, struct slice text)
{
    if (e && e->encoding == ENCODING_EMBSTR && text.len <= EMBEDDED_MAX &&
        entry_replace_embedded(e, text))
        return;
    struct slice key = c->argv[1];
    struct entry *stored = text.len <= EMBEDDED_MAX
                               ? string_create_embedded(key, text)
                               : string_create(key, text);
    if (!e) {
        db_add(c->db, stored);
        return;
    }
    stored = entry_inherit(stored, e);
    dict_moved(&c->db->keys, &e->node, &stored->node);
    entry_free(e);
}

/* Parses any number that strtold accepts. Replies with an error and returns
 * false if it is invalid. */
static bool float_or_reply(struct client *c, struct slice text,
                           long double *value)
{
    bool valid = parse_long_double(text, value);
    if (!valid)
        reply_error(c, ERR_NOT_FLOAT);
    return valid;
}

/* INCRBYFLOAT key increment: a key that is missing counts from zero. */
static void incrbyfloat_command(struct client *c)
{
    struct entry *e;
    long double value = 0, increment;
    char scratch[INT64_TEXT_MAX], text[LONG_DOUBLE_TEXT_MAX];
    if (!write_typed_or_reply(c, c->argv[1], TYPE_STRING, &e) ||
        (e && !float_or_reply(c, string_value(e, scratch), &value)) ||
        !float_or_reply(c, c->argv[2], &increment))
        return;
    value += increment;
    if (!isfinite(value)) {
        reply_error(c, "ERR increment would produce NaN or Infinity");
        return;
    }
    struct slice sum = {text, format_long_double(text, value)};
    store_text(c, e, sum);
    key_changed(c->db, c->argv[1], "incrbyfloat");
    propagate_as(
        c, 4,
        (struct slice[]){SLICE("SET"), c->argv[1], sum, SLICE("KEEPTTL")});
    reply_bulk(c, sum);
}

const struct command more_string_commands[] = {
    {.name = "msetnx",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = msetnx_command},
    {.name = "setnx", .arity = 3, .flags = CMD_WRITE, .handler = setnx_command},
    {.name = "getset",
     .arity = 3,
     .flags = CMD_WRITE,
     .handler = getset_command},
    {.name = "getdel",
     .arity = 2,
     .flags = CMD_WRITE,
     .handler = getdel_command},
    {.name = "getrange", .arity = 4, .handler = getrange_command},
    {.name = "substr", .arity = 4, .handler = getrange_command},
    {.name = "setrange",
     .arity = 4,
     .flags = CMD_WRITE,
     .handler = setrange_command},
    {.name = "incrbyfloat",
     .arity = 3,
     .flags = CMD_WRITE,
     .handler = incrbyfloat_command},
    {.name = NULL},
};
