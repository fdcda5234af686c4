/* blocking: adds BLMOVE, BRPOPLPUSH and BLMPOP, which wait for a list, and
 * BZPOPMIN, BZPOPMAX and BZMPOP, which wait for a sorted set. */
#include "command/call.h"
#include "command/lookup.h"
#include "command/waiting.h"
#include "more/01-event-loop/command/arguments.h"
#include "more/04-lists/command/list.h"
#include "more/06-sorted-sets/command/zset_pop.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "more/08-blocking-pubsub/command/moving.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

bool ends_or_reply(struct client *c, int *from, int *to)
{
    *from = LIST_TAIL;
    *to = LIST_HEAD;
    return c->argc == 4 ||
           (choice_or_reply(c, c->argv[3], list_ends, from, NULL) &&
            choice_or_reply(c, c->argv[4], list_ends, to, NULL));
}

/* Moves an element for the client. If the other key holds no list, the reply is
 * an error, and the wait is over as well. */
static bool serve_move(struct client *c, struct slice key, struct entry *e)
{
    static const char *const names[] = {"left", "right"};
    int from, to;
    if (!e || !ends_or_reply(c, &from, &to))
        return false;
    /* As in Redis: what the client has written, unless it had to wait. */
    bool has_waited = c->flags & CLIENT_BLOCKED, has_ends = c->argc == 6;
    const struct slice argv[] = {
        has_ends ? SLICE("LMOVE") : SLICE("RPOPLPUSH"), key, c->argv[2],
        has_waited ? slice_of(names[from]) : c->argv[3],
        has_waited || !has_ends ? slice_of(names[to]) : c->argv[4]};
    uint64_t changes = keyspace_changes();
    move_element(c, (enum list_end)from, (enum list_end)to);
    if (keyspace_changes() != changes)
        propagate_as(c, has_ends ? 5 : 3, argv);
    return true;
}

/* BLMOVE source destination LEFT | RIGHT LEFT | RIGHT timeout
 * BRPOPLPUSH source destination timeout */
void move_or_wait(struct client *c)
{
    struct wait_args wait = {
        .first = 1, .count = 1, .type = TYPE_LIST, .serve = serve_move};
    int from, to;
    struct entry *e;
    if (!ends_or_reply(c, &from, &to) ||
        !timeout_or_reply(c, c->argv[c->argc - 1], &wait.timeout_ms) ||
        !write_typed_or_reply(c, c->argv[1], TYPE_LIST, &e))
        return;
    if (!serve_move(c, c->argv[1], e))
        wait_for_keys(c, &wait);
}

/* Pops elements for a client of BLMPOP, whose arguments are valid. */
static bool serve_pop_some(struct client *c, struct slice key, struct entry *e)
{
    struct pop_args args;
    if (!e || !multi_pop_or_reply(c, 2, list_ends, &args))
        return false;
    pop_some(c, key, entry_list(e), &args);
    return true;
}

/* BLMPOP timeout numkeys key [key ...] LEFT | RIGHT [COUNT count] */
static void blmpop_command(struct client *c)
{
    struct wait_args wait = {.type = TYPE_LIST, .serve = serve_pop_some};
    struct pop_args args;
    if (!multi_pop_or_reply(c, 2, list_ends, &args) ||
        !timeout_or_reply(c, c->argv[1], &wait.timeout_ms) ||
        pop_first_list(c, &args))
        return;
    wait.first = args.first;
    wait.count = args.keys;
    wait_for_keys(c, &wait);
}

/* Which end BZPOPMIN or BZPOPMAX takes from. */
static enum zset_end end_of(const struct client *c)
{
    return slice_is(SLICE("bzpopmin"), c->command->name) ? ZSET_MIN : ZSET_MAX;
}

/* Pops an element for the client, and replies with the key, the element and its
 * score. It is propagated as ZPOPMIN or ZPOPMAX. */
static bool serve_zset_pop(struct client *c, struct slice key, struct entry *e)
{
    enum zset_end end = end_of(c);
    const struct slice argv[] = {
        end == ZSET_MIN ? SLICE("ZPOPMIN") : SLICE("ZPOPMAX"), key};
    if (!e)
        return false;
    reply_array(c, 3);
    reply_bulk(c, key);
    zset_pop_and_reply(c, key, e, end, 1, false);
    propagate_as(c, 2, argv);
    return true;
}

/* BZPOPMIN key [key ...] timeout
 * BZPOPMAX key [key ...] timeout */
static void bzpop_command(struct client *c)
{
    struct wait_args wait = {.first = 1,
                             .count = c->argc - 2,
                             .type = TYPE_ZSET,
                             .serve = serve_zset_pop};
    struct entry *e;
    if (!timeout_or_reply(c, c->argv[c->argc - 1], &wait.timeout_ms))
        return;
    for (int i = 1; i < c->argc - 1; i++) {
        if (!write_typed_or_reply(c, c->argv[i], TYPE_ZSET, &e) ||
            serve_zset_pop(c, c->argv[i], e))
            return;
    }
    wait_for_keys(c, &wait);
}

/* Pops elements for a client of BZMPOP, whose arguments are valid. */
static bool serve_zset_pop_some(struct client *c, struct slice key,
                                struct entry *e)
{
    struct pop_args args;
    if (!e || !multi_pop_or_reply(c, 2, zset_ends, &args))
        return false;
    zset_pop_some(c, key, e, &args);
    return true;
}

/* BZMPOP timeout numkeys key [key ...] MIN | MAX [COUNT count] */
static void bzmpop_command(struct client *c)
{
    struct wait_args wait = {.type = TYPE_ZSET, .serve = serve_zset_pop_some};
    struct pop_args args;
    if (!multi_pop_or_reply(c, 2, zset_ends, &args) ||
        !timeout_or_reply(c, c->argv[1], &wait.timeout_ms) ||
        zset_pop_first(c, &args))
        return;
    wait.first = args.first;
    wait.count = args.keys;
    wait_for_keys(c, &wait);
}

const struct command more_blocking_commands[] = {
    {.name = "blmove",
     .arity = 6,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = move_or_wait},
    {.name = "brpoplpush",
     .arity = 4,
     .flags = CMD_WRITE | CMD_DENYOOM,
     .handler = move_or_wait},
    {.name = "blmpop",
     .arity = -5,
     .flags = CMD_WRITE,
     .handler = blmpop_command},
    {.name = "bzpopmin",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = bzpop_command},
    {.name = "bzpopmax",
     .arity = -3,
     .flags = CMD_WRITE,
     .handler = bzpop_command},
    {.name = "bzmpop",
     .arity = -5,
     .flags = CMD_WRITE,
     .handler = bzmpop_command},
    {.name = NULL},
};
