/* set: adds SMISMEMBER, SMOVE, SPOP, SRANDMEMBER, SINTERSTORE, SUNIONSTORE,
 * SDIFFSTORE, SINTERCARD and SSCAN. */
#include "command/set.h"

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "common/numbers.h"
#include "common/zmalloc.h"
#include "more/02-keyspace/store/copy.h"
#include "more/05-hashes-sets/command/families.h"
#include "more/05-hashes-sets/command/random_reply.h"
#include "more/05-hashes-sets/command/value_scan.h"
#include "more/05-hashes-sets/store/pick.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/set_algebra.h"

/* SMISMEMBER key member [member ...] */
static void smismember_command(struct client *c)
{
    struct entry *e;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++)
        reply_integer(c, set_has(e, c->argv[i]));
}

/* SMOVE source destination member */
static void smove_command(struct client *c)
{
    struct slice source = c->argv[1], target = c->argv[2], member = c->argv[3];
    struct entry *e, *to;
    if (!write_typed_or_reply(c, source, TYPE_SET, &e))
        return;
    if (!e) {
        reply_integer(c, 0);
        return;
    }
    if (!write_typed_or_reply(c, target, TYPE_SET, &to))
        return;
    if (e == to || !set_has(e, member)) {
        reply_integer(c, set_has(e, member));
        return;
    }
    set_remove(e, member);
    members_removed(c, source, e, "srem");
    to = lookup_write(c->db, target);
    if (!to) {
        to = set_create(target);
        db_add(c->db, to);
    }
    if (set_add(to, member))
        key_changed(c->db, target, "sadd");
    reply_integer(c, 1);
}

struct popping {
    struct client *client;
    struct entry *e;
};

/* Replies with a member, propagates its removal and removes it. The member is
 * in the set, so it goes last. */
static bool pop_picked(void *context, struct slice member, struct slice value)
{
    const struct popping *popping = context;
    struct client *c = popping->client;
    (void)value;
    reply_bulk(c, member);
    propagate_as(c, 3, (struct slice[]){SLICE("SREM"), c->argv[1], member});
    set_remove(popping->e, member);
    return true;
}

/* Pops some members, but not all. The integers of an intset move when one is
 * removed, so each is drawn from what is left. */
static void pop_some(struct client *c, struct entry *e, size_t count)
{
    struct popping popping = {c, e};
    if (e->encoding == ENCODING_HASHTABLE) {
        pick_distinct(e, count, pop_picked, &popping);
    } else {
        for (; count > 0; count--)
            pick_any(e, 1, pop_picked, &popping);
    }
    key_changed(c->db, c->argv[1], "spop");
}

/* Pops all members, which is to delete the key. */
static void pop_all(struct client *c, const struct entry *e)
{
    struct set_iterator it;
    struct slice member, key = c->argv[1];
    set_iterate(&it, e);
    while (set_next(&it, &member))
        reply_bulk(c, member);
    db_unlink(c->db, key);
    key_changed(c->db, key, "spop");
    key_changed(c->db, key, "del");
    propagate_as(c, 2, (struct slice[]){SLICE("DEL"), key});
}

/* Executes SPOP with a count. */
static void pop_several(struct client *c)
{
    struct entry *e;
    int64_t count;
    if (!parse_int64(c->argv[2], &count) || count < 0) {
        reply_error(c, "ERR value is out of range, must be positive");
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    size_t size = set_size(e);
    size_t popped = (uint64_t)count < size ? (size_t)count : size;
    reply_aggregate(c, REPLY_SET, popped);
    if (popped == 0)
        return;
    if (popped == size)
        pop_all(c, e);
    else
        pop_some(c, e, popped);
}

/* SPOP key [count] */
static void spop_command(struct client *c)
{
    struct entry *e;
    if (c->argc > 3) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (c->argc == 3) {
        pop_several(c);
        return;
    }
    if (!write_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    if (!e) {
        reply_null(c);
        return;
    }
    struct popping popping = {c, e};
    pick_any(e, 1, pop_picked, &popping);
    members_removed(c, c->argv[1], e, "spop");
}

/* SRANDMEMBER key [count] */
static void srandmember_command(struct client *c)
{
    struct entry *e;
    int64_t count = 0;
    if (c->argc > 3) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (c->argc == 3 && !random_count_or_reply(c, c->argv[2], &count))
        return;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_SET, &e))
        return;
    if (c->argc == 2)
        reply_random(c, e);
    else
        reply_randoms(c, e, count, false);
}

/* Stores a result under the first key, whatever that held, and replies with its
 * size. An empty result deletes the key. */
static void store_algebra(struct client *c, enum set_operation operation,
                          const char *event)
{
    struct set_algebra algebra;
    struct slice member, target = c->argv[1];
    struct entry **sets = sets_or_reply(c, 2, c->argc);
    if (!sets)
        return;
    struct entry *result = set_create(target);
    set_algebra_begin(&algebra, operation, sets, (size_t)c->argc - 2);
    while (set_algebra_next(&algebra, &member))
        set_add(result, member);
    set_algebra_end(&algebra);
    zfree(sets);
    size_t size = set_size(result);
    if (size > 0) {
        db_store(c->db, result);
        key_changed(c->db, target, event);
    } else {
        set_free(result);
        zfree(result);
        if (db_unlink(c->db, target))
            key_changed(c->db, target, "del");
    }
    reply_integer(c, (int64_t)size);
}

/* SINTERSTORE destination key [key ...] */
static void sinterstore_command(struct client *c)
{
    store_algebra(c, SET_INTERSECTION, "sinterstore");
}

/* SUNIONSTORE destination key [key ...] */
static void sunionstore_command(struct client *c)
{
    store_algebra(c, SET_UNION, "sunionstore");
}

/* SDIFFSTORE destination key [key ...] */
static void sdiffstore_command(struct client *c)
{
    store_algebra(c, SET_DIFFERENCE, "sdiffstore");
}

/* Parses [LIMIT limit] behind the keys. Replies with an error and returns false
 * if it is anything else. */
static bool limit_or_reply(struct client *c, int first, int64_t *limit)
{
    for (int i = first; i < c->argc; i += 2) {
        if (!slice_is(c->argv[i], "limit") || i + 1 == c->argc) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        if (!parse_int64(c->argv[i + 1], limit) || *limit < 0) {
            reply_error(c, "ERR LIMIT can't be negative");
            return false;
        }
    }
    return true;
}

/* SINTERCARD numkeys key [key ...] [LIMIT limit]: stops at the limit; 0 is
 * none. */
static void sintercard_command(struct client *c)
{
    int64_t keys, limit = 0, count = 0;
    if (!parse_int64(c->argv[1], &keys) || keys < 1) {
        reply_error(c, "ERR numkeys should be greater than 0");
        return;
    }
    if (keys > c->argc - 2) {
        reply_error(c,
                    "ERR Number of keys can't be greater than number of args");
        return;
    }
    int end = 2 + (int)keys;
    if (!limit_or_reply(c, end, &limit))
        return;
    struct entry **sets = sets_or_reply(c, 2, end);
    if (!sets)
        return;
    struct set_algebra algebra;
    struct slice member;
    set_algebra_begin(&algebra, SET_INTERSECTION, sets, (size_t)keys);
    while ((!limit || count < limit) && set_algebra_next(&algebra, &member))
        count++;
    set_algebra_end(&algebra);
    zfree(sets);
    reply_integer(c, count);
}

/* SSCAN key cursor [MATCH pattern] [COUNT count] */
static void sscan_command(struct client *c)
{
    scan_value(c, &set_scan);
}

const struct command more_set_commands[] = {
    {.name = "smismember", .arity = -3, .handler = smismember_command},
    {.name = "smove", .arity = 4, .flags = CMD_WRITE, .handler = smove_command},
    {.name = "spop", .arity = -2, .flags = CMD_WRITE, .handler = spop_command},
    {.name = "srandmember", .arity = -2, .handler = srandmember_command},
    {.name = "sinterstore",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = sinterstore_command},
    {.name = "sunionstore",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = sunionstore_command},
    {.name = "sdiffstore",
     .arity = -3,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = sdiffstore_command},
    {.name = "sintercard", .arity = -3, .handler = sintercard_command},
    {.name = "sscan", .arity = -3, .handler = sscan_command},
    {.name = NULL},
};
