/* debug: what tests need and users do not.
 *
 * DEBUG is one command: its subcommands are rows of their own here, and no
 * client learns of them. */
#include "command/debug.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command/args.h"
#include "command/command.h"
#include "command/errors.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/listener.h"
#include "net/reply.h"
#include "store/digest.h"
#include "store/expire.h"
#include "store/keyspace.h"
#include "store/string.h"

enum debug_access { DEBUG_NO, DEBUG_LOCAL, DEBUG_YES };

static int debug_access;

static const struct choice access_choices[] = {
    {"no", DEBUG_NO},
    {"yes", DEBUG_YES},
    {"local", DEBUG_LOCAL},
    {NULL, 0},
};

const struct config_row debug_config[] = {
    {.name = "enable-debug-command",
     .type = CONFIG_CHOICE,
     .flags = CONFIG_IMMUTABLE,
     .value = &debug_access,
     .fallback = "no",
     .choices = access_choices},
    {.name = NULL},
};

/* Whether the connection comes from this machine. */
static bool is_local(const struct client *c)
{
    return c->flags & CLIENT_UNIX_SOCKET || socket_is_loopback(c->fd);
}

bool debug_is_allowed(struct client *c)
{
    if (!(c->command->flags & CMD_PROTECTED) || debug_access == DEBUG_YES ||
        (debug_access == DEBUG_LOCAL && is_local(c)))
        return true;
    reply_error(c, "ERR DEBUG command not allowed. If the enable-debug-command "
                   "option is set to \"local\", you can run it from a local "
                   "connection, otherwise you need to set this option in the "
                   "configuration file, and then restart the server.");
    return false;
}

/* DEBUG SLEEP seconds: nobody is served meanwhile. */
static void debug_sleep(struct client *c)
{
    double seconds;
    if (parse_double(c->argv[2], &seconds) && seconds > 0) {
        struct timespec time = {.tv_sec = (time_t)seconds};
        time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
        nanosleep(&time, NULL);
    }
    reply_ok(c);
}

/* DEBUG OBJECT key */
static void debug_object(struct client *c)
{
    const struct entry *e = lookup_peek(c->db, c->argv[2]);
    char text[128];
    if (!e) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    snprintf(text, sizeof text, "Value at:%p refcount:%d encoding:%s",
             (const void *)e, string_references(e),
             encoding_names[e->encoding]);
    reply_simple(c, text);
}

/* Digests are simple strings of hexadecimal digits. */
static void reply_digest(struct client *c, const struct digest *d)
{
    char digits[2 * SHA1_BYTES + 1];
    digest_hex(d, digits);
    reply_simple(c, digits);
}

/* DEBUG DIGEST: equal on servers that hold the same data. */
static void debug_digest(struct client *c)
{
    struct digest d = digest_keyspace();
    reply_digest(c, &d);
}

/* DEBUG DIGEST-VALUE [key ...]: zeros for a key that is not there. */
static void debug_digest_value(struct client *c)
{
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        const struct entry *e = lookup_peek(c->db, c->argv[i]);
        struct digest d = {{0}};
        if (e)
            d = digest_entry(e);
        reply_digest(c, &d);
    }
}

/* DEBUG SET-ACTIVE-EXPIRE 0|1: whether keys that nobody looks for leave, too. */
static void debug_set_active_expire(struct client *c)
{
    int64_t on = 0;
    parse_int64(c->argv[2], &on);
    expire_set_active(on != 0);
    reply_ok(c);
}

/* Stores "value:N" under "prefix:N" unless that key exists; longer values end
 * in zero bytes, shorter ones are cut. */
static void populate(struct client *c, struct slice prefix, int64_t n,
                     int64_t size)
{
    struct buffer key = {0}, value = {0};
    buffer_append_slice(&key, prefix);
    buffer_printf(&key, ":%lld", (long long)n);
    buffer_printf(&value, "value:%lld", (long long)n);
    while ((int64_t)value.len < size)
        buffer_append(&value, "", 1);
    if (size > 0)
        value.len = (size_t)size;
    if (!lookup_write(c->db, buffer_slice(&key))) {
        db_set_string(c->db, buffer_slice(&key), buffer_slice(&value));
        key_changed(c->db, buffer_slice(&key), "set");
    }
    buffer_free(&key);
    buffer_free(&value);
}

/* DEBUG POPULATE count [prefix [size]] */
static void debug_populate(struct client *c)
{
    const char *error = "ERR value is out of range, must be positive";
    struct slice prefix = c->argc > 3 ? c->argv[3] : SLICE("key");
    int64_t count, size = 0;
    if (c->argc > 5) {
        reply_wrong_subcommand(c);
        return;
    }
    if (!arg_range(c, c->argv[2], 0, INT64_MAX, &count, error) ||
        (c->argc > 4 &&
         !arg_range(c, c->argv[4], 0, STRING_MAX_BYTES, &size, error)))
        return;
    for (int64_t n = 0; n < count; n++)
        populate(c, prefix, n, size);
    reply_ok(c);
}

/* Samples for DEBUG PROTOCOL: replies of one value. False when the type is none
 * of them. */
static bool reply_sample_value(struct client *c, struct slice type)
{
    if (slice_is(type, "string"))
        reply_bulk_text(c, "Hello World");
    else if (slice_is(type, "integer"))
        reply_integer(c, 12345);
    else if (slice_is(type, "double"))
        reply_double(c, 3.141);
    else if (slice_is(type, "bignum"))
        reply_big_number(c, "1234567999999999999999999999999999999");
    else if (slice_is(type, "null"))
        reply_null(c);
    else if (slice_is(type, "verbatim"))
        reply_verbatim(c, "txt", SLICE("This is a verbatim\nstring"));
    else if (slice_is(type, "true") || slice_is(type, "false"))
        reply_bool(c, slice_is(type, "true"));
    else
        return false;
    return true;
}

/* Replies that stand before another one, which only RESP3 has. */
static void reply_sample_attribute(struct client *c)
{
    if (c->protocol == 3) {
        reply_attribute(c, 1);
        reply_bulk_text(c, "key-popularity");
        reply_array(c, 2);
        reply_bulk_text(c, "key:123");
        reply_integer(c, 90);
    }
    reply_bulk_text(c, "Some real reply following the attribute");
}

/* Something that nobody asked for, and the reply behind it. */
static void reply_sample_push(struct client *c)
{
    if (c->protocol < 3) {
        reply_error(c, "ERR RESP2 is not supported by this command");
        return;
    }
    reply_push(c, 2);
    reply_bulk_text(c, "server-cpu-usage");
    reply_integer(c, 42);
    reply_bulk_text(c, "Some real reply following the push reply");
}

/* Replies of several values: 0, 1 and 2. */
static bool reply_sample_aggregate(struct client *c, struct slice type)
{
    bool is_map = slice_is(type, "map");
    if (slice_is(type, "array"))
        reply_array(c, 3);
    else if (slice_is(type, "set"))
        reply_set(c, 3);
    else if (is_map)
        reply_map(c, 3);
    else
        return false;
    for (int i = 0; i < 3; i++) {
        reply_integer(c, i);
        if (is_map)
            reply_bool(c, i == 1);
    }
    return true;
}

/* DEBUG PROTOCOL type */
static void debug_protocol(struct client *c)
{
    struct slice type = c->argv[2];
    if (reply_sample_value(c, type) || reply_sample_aggregate(c, type))
        return;
    if (slice_is(type, "attrib"))
        reply_sample_attribute(c);
    else if (slice_is(type, "push"))
        reply_sample_push(c);
    else
        reply_error(c, "ERR Wrong protocol type name. Please use one of the "
                       "following: string|integer|double|bignum|null|array|set|"
                       "map|attrib|push|verbatim|true|false");
}

static void debug_help(struct client *c);

/* Subcommands of this file's own: COMMAND does not know them. */
static const struct command debug_rows[] = {
    {"debug|digest", 2, 0, NO_KEYS, debug_digest,
     "Answers one number for all data."},
    {"debug|digest-value", -2, 0, NO_KEYS, debug_digest_value,
     "[key ...]: answers one number for each value."},
    {"debug|object", 3, 0, NO_KEYS, debug_object,
     "key: answers how a value is stored."},
    {"debug|populate", -3, 0, NO_KEYS, debug_populate,
     "count [prefix [size]]: adds so many keys."},
    {"debug|protocol", 3, 0, NO_KEYS, debug_protocol,
     "type: answers with a reply of that type."},
    {"debug|set-active-expire", 3, 0, NO_KEYS, debug_set_active_expire,
     "0|1: stops or starts the removal of expired keys."},
    {"debug|sleep", 3, 0, NO_KEYS, debug_sleep,
     "seconds: stops the server for that long."},
    {"debug|help", 2, 0, NO_KEYS, debug_help, "Prints this help."},
    {NULL, 0, 0, NO_KEYS, NULL, NULL},
};

/* DEBUG HELP */
static void debug_help(struct client *c)
{
    reply_help_of(c, debug_rows, "debug");
}

/* DEBUG subcommand [argument ...] */
void debug_command(struct client *c)
{
    const struct command *row = debug_rows;
    while (row->name && !slice_is(c->argv[1], row->name + strlen("debug|")))
        row++;
    if (row->name && command_takes(row, c->argc))
        row->handler(c);
    else
        reply_wrong_subcommand(c);
}
