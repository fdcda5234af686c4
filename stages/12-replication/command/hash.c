/* hash: commands for values that are hashes. */
#include "store/hash.h"

#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

/* HSET key field value [field value ...]: replies with how many fields are
 * new. */
static void hset_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct entry *e;
    int64_t added = 0;
    if (c->argc % 2 != 0) {
        reply_errorf(c, "ERR wrong number of arguments for '%s' command",
                     c->command->name);
        return;
    }
    if (!write_typed_or_reply(c, key, TYPE_HASH, &e))
        return;
    if (!e) {
        e = hash_create(key);
        db_add(c->db, e);
    }
    for (int i = 2; i < c->argc; i += 2)
        added += hash_set(e, c->argv[i], c->argv[i + 1]);
    key_changed(c->db, key, "hset");
    reply_integer(c, added);
}

/* HGET key field */
static void hget_command(struct client *c)
{
    struct entry *e;
    struct slice value;
    char scratch[INT64_TEXT_MAX];
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    if (e && hash_find(e, c->argv[2], scratch, &value))
        reply_bulk(c, value);
    else
        reply_null(c);
}

/* HEXISTS key field */
static void hexists_command(struct client *c)
{
    struct entry *e;
    struct slice value;
    char scratch[INT64_TEXT_MAX];
    if (read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        reply_integer(c, e && hash_find(e, c->argv[2], scratch, &value));
}

/* HLEN key */
static void hlen_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        reply_integer(c, e ? (int64_t)hash_length(e) : 0);
}

/* HGETALL key */
static void hgetall_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        return;
    reply_map(c, e ? hash_length(e) : 0);
    if (!e)
        return;
    struct hash_iterator it;
    struct slice field, value;
    hash_iterate(&it, e);
    while (hash_next(&it, &field, &value)) {
        reply_bulk(c, field);
        reply_bulk(c, value);
    }
}

/* HDEL key field [field ...]: deletes the key with its last field. */
static void hdel_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct entry *e;
    int64_t deleted = 0;
    if (!write_typed_or_reply(c, key, TYPE_HASH, &e))
        return;
    for (int i = 2; e && i < c->argc; i++)
        deleted += hash_delete(e, c->argv[i]);
    if (deleted > 0)
        key_changed(c->db, key, "hdel");
    if (deleted > 0 && hash_length(e) == 0) {
        db_delete(c->db, key);
        key_changed(c->db, key, "del");
    }
    reply_integer(c, deleted);
}

const struct command hash_commands[] = {
    {.name = "hset",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = hset_command},
    {.name = "hget", .arity = 3, .handler = hget_command},
    {.name = "hexists", .arity = 3, .handler = hexists_command},
    {.name = "hlen", .arity = 2, .handler = hlen_command},
    {.name = "hgetall", .arity = 2, .handler = hgetall_command},
    {.name = "hdel", .arity = -3, .flags = CMD_WRITE, .handler = hdel_command},
    {.name = NULL},
};
