/* pending: adds the range of XPENDING to the summary of the lesson. */
#include "command/args.h"
#include "command/errors.h"
#include "command/stream.h"
#include "common/clock.h"
#include "more/07-streams/command/families.h"
#include "net/client.h"
#include "net/reply.h"

/* Which pending entries XPENDING lists. */
struct pending_args {
    struct stream_id start, end;
    int64_t count;
    int64_t idle_ms; /* those that were delivered so long ago */
    struct slice consumer; /* ptr is NULL: of all */
};

/* Parses [IDLE ms] start end count [consumer] of XPENDING. */
static bool pending_args_or_reply(struct client *c, struct pending_args *args)
{
    int i = slice_is(c->argv[3], "idle") ? 5 : 3;
    if (i == 5 && !integer_or_reply(c, c->argv[4], &args->idle_ms))
        return false;
    if (i + 3 > c->argc)
        return refuse(c, ERR_SYNTAX);
    if (i + 3 < c->argc)
        args->consumer = c->argv[i + 3];
    return integer_or_reply(c, c->argv[i + 2], &args->count) &&
           range_ids_or_reply(c, c->argv[i], c->argv[i + 1], &args->start,
                              &args->end);
}

/* Replies with pending entries: of each the ID, the consumer, how long ago it
 * was delivered, and how often. */
static void reply_pending(struct client *c, const struct tree *pending,
                          const struct pending_args *args)
{
    const struct pending *p = tree_seek(pending, &args->start, TREE_AT_LEAST);
    int64_t count = 0;
    struct output_block *begun = reply_begin(c);
    for (; p && count < args->count; p = tree_seek(pending, p, TREE_MORE)) {
        int64_t idle_ms = clock_ticked_ms() - p->delivered_ms;
        if (stream_id_compare(&p->id, &args->end) > 0)
            break;
        if (args->idle_ms != 0 && idle_ms < args->idle_ms)
            continue;
        reply_array(c, 4);
        reply_id(c, p->id);
        reply_bulk(c, p->consumer->name);
        reply_integer(c, idle_ms < 0 ? 0 : idle_ms);
        reply_integer(c, p->deliveries);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* XPENDING key group [[IDLE ms] start end count [consumer]] */
static void xpending_range_command(struct client *c)
{
    struct pending_args args = {.count = 0};
    if (c->argc == 3) {
        xpending_command(c);
        return;
    }
    if (c->argc < 6 || c->argc > 9) {
        reply_error(c, ERR_SYNTAX);
        return;
    }
    if (!pending_args_or_reply(c, &args))
        return;
    const struct group *g = group_or_reply(c, c->argv[1], c->argv[2], "");
    if (!g)
        return;
    const struct consumer *consumer = NULL;
    if (args.consumer.ptr)
        consumer = tree_seek(&g->consumers, &args.consumer, TREE_EQUAL);
    if (args.consumer.ptr && !consumer)
        reply_array(c, 0);
    else
        reply_pending(c, consumer ? &consumer->pending : &g->pending, &args);
}

const struct command more_pending_commands[] = {
    {.name = "xpending", .arity = -3, .handler = xpending_range_command},
    {.name = NULL},
};
