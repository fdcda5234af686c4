/* zset: a sorted set is a hash of members and their scores. */
#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/hash.h"
#include "store/keyspace.h"

/* ZADD key score member [score member ...] */
static void zadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct entry *e;
    int64_t added = 0;
    if (!write_typed_or_reply(c, key, TYPE_HASH, &e))
        return;
    if (!e) {
        e = hash_create(key);
        db_add(c->db, e);
    }
    for (int i = 2; i + 1 < c->argc; i += 2)
        added += hash_set(e, c->argv[i + 1], c->argv[i]);
    key_changed(c->db, key, "zadd");
    reply_integer(c, added);
}

/* ZCARD key */
static void zcard_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_HASH, &e))
        reply_integer(c, e ? (int64_t)hash_length(e) : 0);
}

const struct command zset_commands[] = {
    {.name = "zadd",
     .arity = -4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zadd_command},
    {.name = "zscore", .arity = 3, .handler = zscore_command},
    {.name = "zcard", .arity = 2, .handler = zcard_command},
    {.name = NULL},
};
