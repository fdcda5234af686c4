/* zset_range: adds ZRANGEBYSCORE, ZRANGEBYLEX, ZREVRANGE, ZREVRANGEBYSCORE and
 * ZREVRANGEBYLEX; ZCOUNT and ZLEXCOUNT; ZREMRANGEBYRANK, ZREMRANGEBYSCORE and
 * ZREMRANGEBYLEX; ZRANGESTORE. */
#include "command/zset_range.h"

#include "command/lookup.h"
#include "command/zset.h"
#include "more/06-sorted-sets/command/families.h"
#include "more/06-sorted-sets/command/zset_store.h"
#include "more/06-sorted-sets/store/zset_edit.h"
#include "net/client.h"
#include "net/reply.h"

/* Executes a command whose name says the order and the direction. */
static void reply_named_range(struct client *c, enum range_by by,
                              bool is_reverse)
{
    struct zset_range range = {.by = by, .is_reverse = is_reverse};
    if (zset_range_or_reply(c, 2, RANGE_SCORES, &range))
        reply_zset_range(c, &range);
}

/* ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count] */
static void zrangebyscore_command(struct client *c)
{
    reply_named_range(c, BY_SCORE, false);
}

/* ZRANGEBYLEX key min max [LIMIT offset count] */
static void zrangebylex_command(struct client *c)
{
    reply_named_range(c, BY_LEX, false);
}

/* ZREVRANGE key start stop [WITHSCORES] */
static void zrevrange_command(struct client *c)
{
    reply_named_range(c, BY_RANK, true);
}

/* ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count] */
static void zrevrangebyscore_command(struct client *c)
{
    reply_named_range(c, BY_SCORE, true);
}

/* ZREVRANGEBYLEX key max min [LIMIT offset count] */
static void zrevrangebylex_command(struct client *c)
{
    reply_named_range(c, BY_LEX, true);
}

/* Executes ZCOUNT and ZLEXCOUNT, which have no options. */
static void reply_count(struct client *c, enum range_by by)
{
    struct zset_range range = {.by = by};
    struct entry *e;
    size_t rank;
    if (zset_range_or_reply(c, 2, 0, &range) &&
        read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        reply_integer(c, (int64_t)zset_range_find(&range, e, &rank));
}

/* ZCOUNT key min max */
static void zcount_command(struct client *c)
{
    reply_count(c, BY_SCORE);
}

/* ZLEXCOUNT key min max */
static void zlexcount_command(struct client *c)
{
    reply_count(c, BY_LEX);
}

/* Executes ZREMRANGEBY…: replies with how many elements were removed. */
static void remove_range(struct client *c, enum range_by by, const char *event)
{
    struct zset_range range = {.by = by};
    struct entry *e;
    size_t rank;
    if (!zset_range_or_reply(c, 2, 0, &range) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    size_t count = zset_range_find(&range, e, &rank);
    if (count > 0) {
        zset_remove_run(e, rank, count);
        zset_removed(c, c->argv[1], e, event);
    }
    reply_integer(c, (int64_t)count);
}

/* ZREMRANGEBYRANK key start stop */
static void zremrangebyrank_command(struct client *c)
{
    remove_range(c, BY_RANK, "zremrangebyrank");
}

/* ZREMRANGEBYSCORE key min max */
static void zremrangebyscore_command(struct client *c)
{
    remove_range(c, BY_SCORE, "zremrangebyscore");
}

/* ZREMRANGEBYLEX key min max */
static void zremrangebylex_command(struct client *c)
{
    remove_range(c, BY_LEX, "zremrangebylex");
}

/* ZRANGESTORE destination source min max [BYSCORE | BYLEX] [REV]
 * [LIMIT offset count] */
static void zrangestore_command(struct client *c)
{
    struct zset_range range = {0};
    struct zset_iterator it;
    struct slice member;
    struct entry *e;
    double score;
    size_t rank;
    if (!zset_range_or_reply(c, 3, RANGE_CHOICE, &range) ||
        !read_typed_or_reply(c, c->argv[2], TYPE_ZSET, &e))
        return;
    size_t count = zset_range_find(&range, e, &rank);
    struct entry *result = create_result(c->argv[1], count, 0);
    zset_iterate(&it, e, rank, count, range.is_reverse);
    while (zset_next(&it, &member, &score))
        zset_add(result, member, &score, 0);
    store_zset_and_reply(c, result, "zrangestore");
}

const struct command more_zset_range_commands[] = {
    {.name = "zrangebyscore", .arity = -4, .handler = zrangebyscore_command},
    {.name = "zrangebylex", .arity = -4, .handler = zrangebylex_command},
    {.name = "zrevrange", .arity = -4, .handler = zrevrange_command},
    {.name = "zrevrangebyscore",
     .arity = -4,
     .handler = zrevrangebyscore_command},
    {.name = "zrevrangebylex", .arity = -4, .handler = zrevrangebylex_command},
    {.name = "zcount", .arity = 4, .handler = zcount_command},
    {.name = "zlexcount", .arity = 4, .handler = zlexcount_command},
    {.name = "zremrangebyrank",
     .arity = 4,
     .flags = CMD_WRITE,
     .handler = zremrangebyrank_command},
    {.name = "zremrangebyscore",
     .arity = 4,
     .flags = CMD_WRITE,
     .handler = zremrangebyscore_command},
    {.name = "zremrangebylex",
     .arity = 4,
     .flags = CMD_WRITE,
     .handler = zremrangebylex_command},
    {.name = "zrangestore",
     .arity = -5,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = zrangestore_command},
    {.name = NULL},
};
