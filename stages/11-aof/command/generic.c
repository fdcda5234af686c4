/* generic: DEL, UNLINK, EXISTS, TYPE, KEYS, SCAN and OBJECT, for keys of any
 * type. */
#include <stdbool.h>
#include <stdint.h>

#include "command/families.h"
#include "command/scan.h"
#include "common/numbers.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/type.h"

/* Executes DEL and UNLINK, which differ in how a value is freed. */
static void delete_keys(struct client *c,
                        bool (*delete_key)(struct db *db, struct slice key))
{
    int64_t deleted = 0;
    for (int i = 1; i < c->argc; i++) {
        if (!delete_key(c->db, c->argv[i]))
            continue;
        key_changed(c->db, c->argv[i], "del");
        deleted++;
    }
    reply_integer(c, deleted);
}

/* DEL key [key ...]: frees all of a value before it replies. */
static void del_command(struct client *c)
{
    delete_keys(c, db_delete);
}

/* UNLINK key [key ...]: frees a large value in steps. */
static void unlink_command(struct client *c)
{
    delete_keys(c, db_unlink);
}

/* EXISTS key [key ...]: a key that is given twice counts twice. */
static void exists_command(struct client *c)
{
    int64_t found = 0;
    for (int i = 1; i < c->argc; i++)
        found += lookup_query(c->db, c->argv[i]) != NULL;
    reply_integer(c, found);
}

/* TYPE key */
static void type_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[1]);
    reply_simple(c, e ? type_rows[e->type].name : "none");
}

/* A reply that consists of keys. Their number is known only at the end. */
struct listing {
    struct client *client;
    size_t count; /* keys that have been written */
};

/* Adds a key that was visited to the reply. */
static void reply_key(void *context, struct entry *e)
{
    struct listing *listing = context;
    reply_bulk(listing->client, entry_key(e));
    listing->count++;
}

/* KEYS pattern: visits the whole database at once, during which no other client
 * is served. */
static void keys_command(struct client *c)
{
    struct listing listing = {.client = c};
    struct key_filter filter = {.pattern = c->argv[1]};
    struct output_block *begun = reply_begin(c);
    db_each(c->db, &filter, reply_key, &listing);
    reply_end_aggregate(c, begun, REPLY_ARRAY, listing.count);
}

/* SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]: the reply begins with
 * the next cursor, which is known only after the keys, so both have a deferred
 * place in the output. */
static void scan_command(struct client *c)
{
    struct listing listing = {.client = c};
    struct scan scan;
    char text[INT64_TEXT_MAX];
    if (!scan_or_reply(c, 1, &scan))
        return;
    reply_array(c, 2);
    struct output_block *next = reply_begin(c);
    struct output_block *keys = reply_begin(c);
    uint64_t cursor = db_scan(c->db, scan.cursor, &scan.filter, scan.count,
                              reply_key, &listing);
    reply_end_aggregate(c, keys, REPLY_ARRAY, listing.count);
    reply_end_bulk(c, next, (struct slice){text, format_uint64(text, cursor)});
}

/* OBJECT ENCODING key: how the value is stored. */
static void object_encoding_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[2]);
    if (e)
        reply_bulk_text(c, entry_encoding_name(e));
    else
        reply_null(c);
}

const struct command key_commands[] = {
    {.name = "del", .arity = -2, .flags = CMD_WRITE, .handler = del_command},
    {.name = "unlink",
     .arity = -2,
     .flags = CMD_WRITE,
     .handler = unlink_command},
    {.name = "exists", .arity = -2, .handler = exists_command},
    {.name = "type", .arity = 2, .handler = type_command},
    {.name = "keys", .arity = 2, .handler = keys_command},
    {.name = "scan", .arity = -2, .handler = scan_command},
    {.name = "object", .arity = -2},
    {.name = "object|encoding", .arity = 3, .handler = object_encoding_command},
    {.name = NULL},
};
