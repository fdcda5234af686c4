/* set: commands for values that are sets. */
#include "command/set.h"

#include "command/command.h"
#include "command/families.h"
#include "command/lookup.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/set_algebra.h"

/* SADD key member [member ...]: replies with how many are new. */
static void sadd_command(struct client *c)
{
    struct slice key = c->argv[1];
    struct entry *e;
    int64_t added = 0;
    if (!write_typed_or_reply(c, key, TYPE_SET, &e))
        return;
    if (!e) {
        e = set_create(key);
        db_add(c->db, e);
    }
    for (int i = 2; i < c->argc; i++)
        added += set_add(e, c->argv[i]);
    if (added > 0)
        key_changed(c->db, key, "sadd");
    reply_integer(c, added);
}

void members_removed(struct client *c, struct slice key, struct entry *e,
                     const char *event)
{
    key_changed(c->db, key, event);
    if (set_size(e) > 0)
        return;
    db_delete(c->db, key);
    key_changed(c->db, key, "del");
}

/* SREM key member [member ...]: deletes the key with its last member. */
static void srem_command(struct client *c)
{
    struct entry *e;
    int64_t removed = 0;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    for (int i = 2; e && i < c->argc; i++)
        removed += set_remove(e, c->argv[i]);
    if (removed > 0)
        members_removed(c, c->argv[1], e, "srem");
    reply_integer(c, removed);
}

/* SISMEMBER key member */
static void sismember_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        reply_integer(c, set_has(e, c->argv[2]));
}

/* SCARD key */
static void scard_command(struct client *c)
{
    struct entry *e;
    if (read_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        reply_integer(c, (int64_t)set_size(e));
}

/* SMEMBERS key */
static void smembers_command(struct client *c)
{
    struct entry *e;
    struct set_iterator it;
    struct slice member;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    reply_aggregate(c, REPLY_SET, set_size(e));
    set_iterate(&it, e);
    while (set_next(&it, &member))
        reply_bulk(c, member);
}

struct entry **sets_or_reply(struct client *c, int first, int end)
{
    struct entry **sets = zmalloc((size_t)(end - first) * sizeof *sets);
    for (int i = first; i < end; i++) {
        if (!read_typed_or_reply(c, c->argv[i], TYPE_SET, &sets[i - first])) {
            zfree(sets);
            return NULL;
        }
    }
    return sets;
}

/* Executes SINTER, SUNION and SDIFF. How many members there are is known only
 * at the end. */
static void reply_algebra(struct client *c, enum set_operation operation)
{
    struct set_algebra algebra;
    struct slice member;
    size_t count = 0;
    struct entry **sets = sets_or_reply(c, 1, c->argc);
    if (!sets)
        return;
    struct output_block *begun = reply_begin(c);
    set_algebra_begin(&algebra, operation, sets, (size_t)c->argc - 1);
    for (; set_algebra_next(&algebra, &member); count++)
        reply_bulk(c, member);
    set_algebra_end(&algebra);
    reply_end_aggregate(c, begun, REPLY_SET, count);
    zfree(sets);
}

/* SINTER key [key ...] */
static void sinter_command(struct client *c)
{
    reply_algebra(c, SET_INTERSECTION);
}

/* SUNION key [key ...] */
static void sunion_command(struct client *c)
{
    reply_algebra(c, SET_UNION);
}

/* SDIFF key [key ...]: the first set without the others. */
static void sdiff_command(struct client *c)
{
    reply_algebra(c, SET_DIFFERENCE);
}

const struct command set_commands[] = {
    {.name = "sadd",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = sadd_command},
    {.name = "srem", .arity = -3, .flags = CMD_WRITE, .handler = srem_command},
    {.name = "sismember", .arity = 3, .handler = sismember_command},
    {.name = "scard", .arity = 2, .handler = scard_command},
    {.name = "smembers", .arity = 2, .handler = smembers_command},
    {.name = "sinter", .arity = -2, .handler = sinter_command},
    {.name = "sunion", .arity = -2, .handler = sunion_command},
    {.name = "sdiff", .arity = -2, .handler = sdiff_command},
    {.name = NULL},
};
