/* debug: adds DEBUG, which tests need and users do not.
 *
 * It is one command with a table of its own, so that COMMAND does not tell
 * clients of its subcommands. */
#include "more/02-keyspace/command/debug.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/01-event-loop/command/docs.h"
#include "more/01-event-loop/command/subcommand.h"
#include "more/01-event-loop/net/extension.h"
#include "more/02-keyspace/command/access.h"
#include "more/02-keyspace/command/errors.h"
#include "more/02-keyspace/net/samples.h"
#include "more/02-keyspace/store/bytes.h"
#include "more/02-keyspace/store/digest.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum { POPULATE_MAX_BYTES = 512 * 1024 * 1024 }; /* of one value */

static int debug_access;

const struct config_row more_debug_config[] = {
    {CONFIG_VALUE(CHOICE, "enable-debug-command", debug_access, "no"),
     .flags = CONFIG_IMMUTABLE, .choices = access_choices},
    {.name = NULL},
};

bool debug_allowed_or_reply(struct client *c)
{
    if (access_is_granted(debug_access, c))
        return true;
    reply_error(c, "ERR DEBUG command not allowed. If the enable-debug-command "
                   "option is set to \"local\", you can run it from a local "
                   "connection, otherwise you need to set this option in the "
                   "configuration file, and then restart the server.");
    return false;
}

/* DEBUG ERROR text: an error with that text, for the tests of clients. It is no
 * error of a command, so it is not counted. */
static void debug_error(struct client *c)
{
    char *text = slice_dup(c->argv[2]);
    for (size_t i = 0; i < c->argv[2].len; i++) {
        if (text[i] == '\r' || text[i] == '\n')
            text[i] = ' ';
    }
    reply_line(c, '-', (struct slice){text, c->argv[2].len});
    zfree(text);
}

/* DEBUG LOG text */
static void debug_log(struct client *c)
{
    log_write(LOG_WARNING, "DEBUG LOG: %.*s", (int)c->argv[2].len,
              c->argv[2].ptr);
    reply_ok(c);
}

/* Returns the number that the text begins with as strtod reads it, or 0. */
static double number_at_start(struct slice text)
{
    char *copy = slice_dup(text);
    double number = strtod(copy, NULL);
    zfree(copy);
    return number;
}

/* DEBUG SLEEP seconds: the whole server sleeps, until a signal arrives. It does
 * not for a time whose microseconds are more than 64 bits hold, nor for one
 * that is not a number. */
static void debug_sleep(struct client *c)
{
    double us = number_at_start(c->argv[2]) * 1e6;
    if (us > 0 && us < (double)INT64_MAX) {
        int64_t whole_us = (int64_t)us;
        struct timespec time = {.tv_sec = (time_t)(whole_us / 1000000),
                                .tv_nsec = (long)(whole_us % 1000000) * 1000};
        nanosleep(&time, NULL);
    }
    reply_ok(c);
}

/* Returns the entry of a key, or NULL, and leaves no trace. An expired key is
 * found, too. */
static const struct entry *peek(struct db *db, struct slice key)
{
    return (const struct entry *)dict_find(&db->keys, key);
}

/* DEBUG OBJECT key */
static void debug_object(struct client *c)
{
    const struct entry *e = peek(c->db, c->argv[2]);
    char text[128];
    if (!e) {
        reply_error(c, ERR_NO_SUCH_KEY);
        return;
    }
    snprintf(text, sizeof text, "Value at:%p refcount:%d encoding:%s",
             (const void *)e, entry_references(e), entry_encoding_name(e));
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

/* DEBUG DIGEST-VALUE [key ...]: zeros for a missing key. */
static void debug_digest_value(struct client *c)
{
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        const struct entry *e = peek(c->db, c->argv[i]);
        struct digest d = {{0}};
        if (e)
            d = digest_entry(e);
        reply_digest(c, &d);
    }
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
    struct slice prefix = c->argc > 3 ? c->argv[3] : SLICE("key");
    int64_t count, size = 0;
    if (c->argc > 5) {
        reply_wrong_subcommand(c);
        return;
    }
    if (!parse_int64(c->argv[2], &count) || count < 0 ||
        (c->argc > 4 && (!parse_int64(c->argv[4], &size) || size < 0 ||
                         size > POPULATE_MAX_BYTES))) {
        reply_error(c, "ERR value is out of range, must be positive");
        return;
    }
    for (int64_t n = 0; n < count; n++)
        populate(c, prefix, n, size);
    reply_ok(c);
}

/* DEBUG PROTOCOL type */
static void debug_protocol(struct client *c)
{
    if (!reply_sample(c, c->argv[2]))
        reply_error(c, "ERR Wrong protocol type name. Please use one of the "
                       "following: string|integer|double|bignum|null|array|set|"
                       "map|attrib|push|verbatim|true|false");
}

/* All rows, and the same as docs for DEBUG HELP; both end with one without a
 * name. */
static struct command *debug_rows;
static struct command_doc *debug_docs;
static size_t row_count;

void debug_add(const struct debug_row *rows)
{
    size_t added = 0;
    while (rows[added].command.name)
        added++;
    size_t count = row_count + added + 1;
    debug_rows = zrealloc(debug_rows, count * sizeof *debug_rows);
    debug_docs = zrealloc(debug_docs, count * sizeof *debug_docs);
    for (size_t i = 0; i <= added; i++) {
        debug_rows[row_count + i] = rows[i].command;
        debug_docs[row_count + i] =
            (struct command_doc){.name = rows[i].command.name,
                                 .syntax = rows[i].syntax,
                                 .summary = rows[i].summary};
    }
    row_count += added;
}

/* DEBUG HELP */
static void debug_help(struct client *c)
{
    reply_help_of(c, debug_docs, "debug");
}

/* DEBUG subcommand [argument ...] */
static void debug_command(struct client *c)
{
    const struct command *row = subcommand_find(c, debug_rows);
    if (row && subcommand_takes(row, c->argc))
        row->handler(c);
    else
        reply_wrong_subcommand(c);
}

static const struct debug_row own_rows[] = {
    {{.name = "debug|digest", .arity = 2, .handler = debug_digest},
     NULL,
     "Returns one number for all data."},
    {{.name = "debug|digest-value", .arity = -2, .handler = debug_digest_value},
     "<key> [<key> ...]",
     "Returns one number for each value."},
    {{.name = "debug|error", .arity = 3, .handler = debug_error},
     "<string>",
     "Replies with an error of that text."},
    {{.name = "debug|log", .arity = 3, .handler = debug_log},
     "<message>",
     "Writes to the log."},
    {{.name = "debug|object", .arity = 3, .handler = debug_object},
     "<key>",
     "Returns how a value is stored."},
    {{.name = "debug|populate", .arity = -3, .handler = debug_populate},
     "<count> [<prefix>] [<size>]",
     "Adds so many keys, named key:0 and so on."},
    {{.name = "debug|protocol", .arity = 3, .handler = debug_protocol},
     "<type>",
     "Replies with a sample of that type."},
    {{.name = "debug|sleep", .arity = 3, .handler = debug_sleep},
     "<seconds>",
     "Stops the server for that long."},
    {{.name = "debug|help", .arity = 2, .handler = debug_help},
     NULL,
     "Prints this help."},
    {{.name = NULL}, NULL, NULL},
};

void debug_open(void)
{
    debug_add(own_rows);
}

const struct command more_debug_commands[] = {
    {.name = "debug", .arity = -2, .handler = debug_command},
    {.name = NULL},
};
