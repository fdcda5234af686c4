/* zset: adds ZMSCORE, ZPOPMIN, ZPOPMAX, ZMPOP, ZRANDMEMBER and ZSCAN. */
#include "command/zset.h"

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/lookup.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/05-hashes-sets/command/random_reply.h"
#include "more/05-hashes-sets/command/value_scan.h"
#include "more/06-sorted-sets/command/families.h"
#include "more/06-sorted-sets/command/zset_pop.h"
#include "more/06-sorted-sets/store/zset_edit.h"
#include "more/06-sorted-sets/store/zset_pick.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/listpack.h"

/* ZMSCORE key member [member ...] */
static void zmscore_command(struct client *c)
{
    struct entry *e;
    double score;
    if (!read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    reply_array(c, (size_t)c->argc - 2);
    for (int i = 2; i < c->argc; i++) {
        if (zset_score(e, c->argv[i], &score))
            reply_double(c, score);
        else
            reply_null(c);
    }
}

const struct choice zset_ends[] = {
    {"min", ZSET_MIN}, {"max", ZSET_MAX}, {NULL, 0}};

void zset_pop_and_reply(struct client *c, struct slice key, struct entry *e,
                        enum zset_end end, size_t count, bool in_pairs)
{
    struct zset_iterator it;
    struct slice member;
    double score;
    size_t length = zset_length(e);
    bool is_reverse = end == ZSET_MAX;
    zset_iterate(&it, e, is_reverse ? length - 1 : 0, count, is_reverse);
    while (zset_next(&it, &member, &score)) {
        if (in_pairs)
            reply_array(c, 2);
        reply_bulk(c, member);
        reply_double(c, score);
    }
    zset_remove_run(e, is_reverse ? length - count : 0, count);
    zset_removed(c, key, e, is_reverse ? "zpopmax" : "zpopmin");
}

/* Executes ZPOPMIN and ZPOPMAX. */
static void pop(struct client *c, enum zset_end end)
{
    struct entry *e;
    int64_t count = 1;
    bool in_pairs = c->argc > 2 && c->protocol == 3;
    if (c->argc > 3) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (c->argc > 2 &&
        !at_least_or_reply(c, c->argv[2], 0, &count,
                           "ERR value is out of range, must be positive"))
        return;
    if (!write_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    size_t popped = zset_length(e);
    if ((uint64_t)count < popped)
        popped = (size_t)count;
    reply_array(c, in_pairs ? popped : popped * 2);
    if (popped > 0)
        zset_pop_and_reply(c, c->argv[1], e, end, popped, in_pairs);
}

/* ZPOPMIN key [count] */
static void zpopmin_command(struct client *c)
{
    pop(c, ZSET_MIN);
}

/* ZPOPMAX key [count] */
static void zpopmax_command(struct client *c)
{
    pop(c, ZSET_MAX);
}

void zset_pop_some(struct client *c, struct slice key, struct entry *e,
                   const struct pop_args *args)
{
    size_t count = zset_length(e);
    if ((uint64_t)args->count < count)
        count = (size_t)args->count;
    char text[INT64_TEXT_MAX];
    const struct slice argv[] = {args->end == ZSET_MIN ? SLICE("ZPOPMIN")
                                                       : SLICE("ZPOPMAX"),
                                 key,
                                 {text, format_uint64(text, count)}};
    reply_array(c, 2);
    reply_bulk(c, key);
    reply_array(c, count);
    zset_pop_and_reply(c, key, e, (enum zset_end)args->end, count, true);
    propagate_as(c, 3, argv);
}

bool zset_pop_first(struct client *c, const struct pop_args *args)
{
    for (int i = args->first; i < args->first + args->keys; i++) {
        struct entry *e;
        if (!write_typed_or_reply(c, c->argv[i], TYPE_ZSET, &e))
            return true;
        if (e) {
            zset_pop_some(c, c->argv[i], e, args);
            return true;
        }
    }
    return false;
}

/* ZMPOP numkeys key [key ...] MIN | MAX [COUNT count] */
static void zmpop_command(struct client *c)
{
    struct pop_args args;
    if (multi_pop_or_reply(c, 1, zset_ends, &args) && !zset_pop_first(c, &args))
        reply_null_array(c);
}

struct randoms {
    struct client *client;
    bool with_scores;
};

/* Replies with an element. Returns whether the client is to get more. */
static bool reply_picked(void *context, struct slice member, double score)
{
    const struct randoms *randoms = context;
    struct client *c = randoms->client;
    if (randoms->with_scores && c->protocol == 3)
        reply_array(c, 2);
    reply_bulk(c, member);
    if (randoms->with_scores)
        reply_double(c, score);
    return random_goes_on(c);
}

/* Replies with `count` different elements, or with -count that may be the
 * same. */
static void reply_elements(struct client *c, const struct entry *e,
                           int64_t count, bool with_scores)
{
    struct randoms randoms = {c, with_scores};
    size_t all = zset_length(e);
    size_t picked = count < 0 ? (size_t)-count : (size_t)count;
    if (all == 0 || (count > 0 && picked > all))
        picked = all;
    reply_array(c, with_scores && c->protocol == 2 ? picked * 2 : picked);
    if (count < 0)
        zset_pick_any(e, picked, reply_picked, &randoms);
    else
        zset_pick_distinct(e, picked, reply_picked, &randoms);
}

/* ZRANDMEMBER key [count [WITHSCORES]] */
static void zrandmember_command(struct client *c)
{
    struct entry *e;
    int64_t count;
    bool with_scores;
    if (!random_pairs_or_reply(c, "withscores", &count, &with_scores) ||
        !read_typed_or_reply(c, c->argv[1], TYPE_ZSET, &e))
        return;
    struct randoms randoms = {c, false};
    if (c->argc > 2)
        reply_elements(c, e, count, with_scores);
    else if (e)
        zset_pick_any(e, 1, reply_picked, &randoms);
    else
        reply_null(c);
}

/* Returns the dict of a sorted set that is not packed. */
static struct dict *members_dict(const struct entry *e)
{
    struct zset *z = entry_pointer(e);
    return e->encoding == ENCODING_SKIPLIST ? &z->members : NULL;
}

/* What dict_scan calls for each node. */
static void list_node(void *context, struct dict_node *node)
{
    const struct skip_node *n = (struct skip_node *)node;
    char text[DOUBLE_TEXT_MAX];
    list_element(context, skip_node_member(n),
                 (struct slice){text, format_double(text, n->score)});
}

/* As in Redis the reply has the very texts that the listpack has. */
static void list_packed(struct listing *l, const struct entry *e)
{
    const uint8_t *pack = entry_pointer(e);
    size_t at = listpack_first(pack), end = listpack_end(pack);
    while (at != end) {
        char scratch[2][INT64_TEXT_MAX];
        struct slice member = listpack_get(pack, at, scratch[0]);
        at = listpack_next(pack, at);
        list_element(l, member, listpack_get(pack, at, scratch[1]));
        at = listpack_next(pack, at);
    }
}

/* ZSCAN key cursor [MATCH pattern] [COUNT count] */
static void zscan_command(struct client *c)
{
    static const struct value_scan zset_scan = {.type = TYPE_ZSET,
                                                .has_values = true,
                                                .dict_of = members_dict,
                                                .visit = list_node,
                                                .list_all = list_packed};
    scan_value(c, &zset_scan);
}

const struct command more_zset_commands[] = {
    {.name = "zmscore", .arity = -3, .handler = zmscore_command},
    {.name = "zpopmin",
     .arity = -2,
     .flags = CMD_WRITE,
     .handler = zpopmin_command},
    {.name = "zpopmax",
     .arity = -2,
     .flags = CMD_WRITE,
     .handler = zpopmax_command},
    {.name = "zmpop",
     .arity = -4,
     .flags = CMD_WRITE,
     .handler = zmpop_command},
    {.name = "zrandmember", .arity = -2, .handler = zrandmember_command},
    {.name = "zscan", .arity = -3, .handler = zscan_command},
    {.name = NULL},
};
