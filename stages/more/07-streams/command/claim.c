/* claim: adds XCLAIM and XAUTOCLAIM, by which a consumer takes over what
 * another one has not acknowledged.
 *
 * Both are propagated as one XCLAIM for each entry. An entry that was deleted
 * from the stream can't be claimed, and is not pending any more. */
#include <limits.h>

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/stream.h"
#include "common/clock.h"
#include "common/zmalloc.h"
#include "more/07-streams/command/families.h"
#include "more/07-streams/store/group_edit.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum {
    COUNT_DEFAULT = 100, /* entries that XAUTOCLAIM claims */
    ATTEMPTS = 10 /* pending entries that it looks at for each of them */
};

/* A claim: by whom, and how. */
struct claim {
    struct group *group;
    const struct stream *stream;
    struct consumer *consumer; /* NULL: nothing is claimed yet */
    int64_t min_idle_ms; /* what was delivered later stays */
    int64_t delivered_ms; /* the time that it gets */
    int64_t deliveries; /* how often; -1: once more than before */
    bool just_id; /* JUSTID: not counted, and the reply has IDs only */
    bool force; /* FORCE: also what is not pending */
    struct stream_id last_id; /* LASTID */
};

/* Looks up the client's stream and group, arguments 1 and 2. Replies with an
 * error and returns false if one is missing. */
static bool claimed_group_or_reply(struct client *c, struct claim *claim)
{
    claim->group = group_or_reply(c, c->argv[1], c->argv[2], "");
    if (claim->group)
        claim->stream = entry_stream(lookup_write(c->db, c->argv[1]));
    return claim->group;
}

/* Parses min-idle-time, argument 4. */
static bool min_idle_or_reply(struct client *c, const char *error,
                              struct claim *claim)
{
    if (!parse_int64(c->argv[4], &claim->min_idle_ms))
        return refuse(c, error);
    if (claim->min_idle_ms < 0)
        claim->min_idle_ms = 0;
    return true;
}

/* Goes to the entry of an ID. Returns false if the stream has none. */
static bool find_entry(const struct stream *s, struct stream_id id,
                       struct stream_iterator *it)
{
    stream_iterate(it, s, id, id, false);
    return stream_next(it);
}

/* Looks up or creates the consumer, when the first entry is claimed. */
static struct consumer *claiming(struct client *c, struct claim *claim)
{
    if (!claim->consumer)
        claim->consumer =
            consumer_open(c, c->argv[1], claim->group, c->argv[3], false);
    return claim->consumer;
}

/* Claims a pending entry, of which the stream has the entry. Returns false if
 * it stays where it is. */
static bool claim_pending(struct client *c, struct claim *claim,
                          struct pending *p, int64_t min_idle_ms)
{
    if (min_idle_ms > 0 && clock_ticked_ms() - p->delivered_ms < min_idle_ms)
        return false;
    pending_give(p, claiming(c, claim));
    p->delivered_ms = claim->delivered_ms;
    if (claim->deliveries >= 0)
        p->deliveries = claim->deliveries;
    else if (!claim->just_id)
        p->deliveries++;
    propagate_claim(c, c->argv[1], claim->group, p);
    return true;
}

/* Removes a pending entry that the stream does not have any more. */
static void drop_pending(struct client *c, const struct claim *claim,
                         const struct pending *p)
{
    propagate_claim(c, c->argv[1], claim->group, p);
    group_acknowledge(claim->group, p->id);
    key_changed(c->db, c->argv[1], NULL);
}

/* Replies with a claimed entry. */
static void reply_claimed(struct client *c, const struct claim *claim,
                          struct stream_iterator *it)
{
    if (claim->just_id)
        reply_id(c, it->id);
    else
        reply_entry(c, it);
}

/* The options of XCLAIM that have an integer. */
static const struct {
    const char *name, *error;
} integer_options[] = {
    {"idle", "ERR Invalid IDLE option argument for XCLAIM"},
    {"time", "ERR Invalid TIME option argument for XCLAIM"},
    {"retrycount", "ERR Invalid RETRYCOUNT option argument for XCLAIM"},
};
enum { OPTION_IDLE, OPTION_TIME, OPTION_RETRYCOUNT, INTEGER_OPTIONS };

/* Parses the option at argument *i, and moves *i to the last argument of it. */
static bool claim_option_or_reply(struct client *c, int *i, struct claim *claim)
{
    struct slice option = c->argv[*i];
    bool has_value = *i + 1 < c->argc;
    int64_t value;
    if (slice_is(option, "force")) {
        claim->force = true;
        return true;
    }
    if (slice_is(option, "justid")) {
        claim->just_id = true;
        return true;
    }
    if (has_value && slice_is(option, "lastid"))
        return id_or_reply(c, c->argv[++*i], &claim->last_id);
    for (int which = 0; has_value && which < INTEGER_OPTIONS; which++) {
        if (!slice_is(option, integer_options[which].name))
            continue;
        if (!parse_int64(c->argv[++*i], &value))
            return refuse(c, integer_options[which].error);
        if (which == OPTION_RETRYCOUNT)
            claim->deliveries = value;
        else if (which == OPTION_TIME)
            claim->delivered_ms = value;
        else if (__builtin_sub_overflow(clock_ticked_ms(), value,
                                        &claim->delivered_ms))
            claim->delivered_ms = clock_ticked_ms();
        return true;
    }
    reply_errorf(c, "ERR Unrecognized XCLAIM option '%.*s'",
                 slice_precision(option), option.ptr);
    return false;
}

/* Parses the arguments of XCLAIM from min-idle-time on. *end is the argument
 * after the last ID: the first that is none. */
static bool claim_args_or_reply(struct client *c, struct claim *claim, int *end)
{
    struct stream_id id;
    int64_t now_ms = clock_ticked_ms();
    claim->delivered_ms = -1;
    claim->deliveries = -1;
    if (!min_idle_or_reply(c, "ERR Invalid min-idle-time argument for XCLAIM",
                           claim))
        return false;
    for (*end = 5; *end < c->argc; ++*end) {
        enum id_form form = stream_id_parse(c->argv[*end], &id);
        if (form != ID_COMPLETE && form != ID_WITHOUT_SEQ)
            break;
    }
    for (int i = *end; i < c->argc; i++) {
        if (!claim_option_or_reply(c, &i, claim))
            return false;
    }
    if (claim->delivered_ms < 0 || claim->delivered_ms > now_ms)
        claim->delivered_ms = now_ms;
    return true;
}

/* Claims the entry of an ID. Returns whether it has replied with it. */
static bool claim_id(struct client *c, struct claim *claim, struct stream_id id)
{
    struct stream_iterator it;
    struct group *g = claim->group;
    struct pending *p = tree_seek(&g->pending, &id, TREE_EQUAL);
    if (!find_entry(claim->stream, id, &it)) {
        if (p)
            drop_pending(c, claim, p);
        return false;
    }
    int64_t min_idle_ms = p ? claim->min_idle_ms : 0;
    if (!p && claim->force)
        p = group_deliver(g, claiming(c, claim), id, claim->delivered_ms);
    if (!p || !claim_pending(c, claim, p, min_idle_ms))
        return false;
    reply_claimed(c, claim, &it);
    return true;
}

/* XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME ms]
 *        [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID id] */
static void xclaim_command(struct client *c)
{
    struct claim claim = {0};
    size_t count = 0;
    int end;
    if (!claimed_group_or_reply(c, &claim) ||
        !claim_args_or_reply(c, &claim, &end))
        return;
    struct group *g = claim.group;
    bool is_ahead = stream_id_compare(&claim.last_id, &g->last_id) > 0;
    bool has_propagated = false;
    if (is_ahead)
        g->last_id = claim.last_id;
    struct output_block *begun = reply_begin(c);
    for (int i = 5; i < end; i++) {
        struct stream_id id;
        stream_id_parse(c->argv[i], &id);
        size_t before = g->pending.count;
        bool claimed = claim_id(c, &claim, id);
        has_propagated |= claimed || g->pending.count != before;
        count += claimed;
    }
    if (is_ahead && !has_propagated) {
        key_changed(c->db, c->argv[1], NULL);
        propagate_group(c, c->argv[1], g);
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* What XAUTOCLAIM has found: IDs that were claimed, then from the end on those
 * that the stream does not have. */
struct found {
    struct stream_id *ids;
    size_t size, claimed, deleted;
};

/* Parses the arguments of XAUTOCLAIM from min-idle-time on. */
static bool autoclaim_args_or_reply(struct client *c, struct claim *claim,
                                    struct stream_id *start, int64_t *count)
{
    struct stream_id ignored;
    *count = COUNT_DEFAULT;
    if (!min_idle_or_reply(
            c, "ERR Invalid min-idle-time argument for XAUTOCLAIM", claim) ||
        !range_ids_or_reply(c, c->argv[5], SLICE("+"), start, &ignored))
        return false;
    for (int i = 6; i < c->argc; i++) {
        if (slice_is(c->argv[i], "count") && i + 1 < c->argc) {
            int64_t most = LONG_MAX / (int64_t)sizeof(struct stream_id);
            if (!parse_int64(c->argv[++i], count) || *count < 1 ||
                *count > most)
                return refuse(c, "ERR COUNT must be > 0");
        } else if (slice_is(c->argv[i], "justid")) {
            claim->just_id = true;
        } else {
            return refuse(c, ERR_SYNTAX);
        }
    }
    return true;
}

/* Claims pending entries from an ID on. Returns where it has ended. */
static struct stream_id claim_from(struct client *c, struct claim *claim,
                                   struct stream_id start, struct found *found)
{
    const struct tree *pending = &claim->group->pending;
    struct pending *p = tree_seek(pending, &start, TREE_AT_LEAST);
    size_t attempts = found->size * ATTEMPTS;
    while (p && attempts-- > 0 &&
           found->claimed + found->deleted < found->size) {
        struct stream_iterator it;
        struct stream_id id = p->id;
        if (!find_entry(claim->stream, id, &it)) {
            drop_pending(c, claim, p);
            found->ids[found->size - ++found->deleted] = id;
        } else if (claim_pending(c, claim, p, claim->min_idle_ms)) {
            found->ids[found->claimed++] = id;
        }
        p = tree_seek(pending, &id, TREE_MORE);
    }
    return p ? p->id : stream_id_min;
}

/* XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID] */
static void xautoclaim_command(struct client *c)
{
    struct claim claim = {.delivered_ms = clock_ticked_ms(), .deliveries = -1};
    struct stream_id start;
    int64_t count;
    if (!autoclaim_args_or_reply(c, &claim, &start, &count) ||
        !claimed_group_or_reply(c, &claim))
        return;
    if ((uint64_t)count > claim.group->pending.count)
        count = (int64_t)claim.group->pending.count;
    struct found found = {.size = (size_t)count};
    found.ids = zmalloc(found.size * sizeof *found.ids);
    start = claim_from(c, &claim, start, &found);
    reply_array(c, 3);
    reply_id(c, start);
    reply_array(c, found.claimed);
    for (size_t i = 0; i < found.claimed; i++) {
        struct stream_iterator it;
        find_entry(claim.stream, found.ids[i], &it);
        reply_claimed(c, &claim, &it);
    }
    reply_array(c, found.deleted);
    for (size_t i = 0; i < found.deleted; i++)
        reply_id(c, found.ids[found.size - 1 - i]);
    zfree(found.ids);
}

const struct command more_claim_commands[] = {
    {.name = "xclaim",
     .arity = -6,
     .flags = CMD_WRITE,
     .handler = xclaim_command},
    {.name = "xautoclaim",
     .arity = -6,
     .flags = CMD_WRITE,
     .handler = xautoclaim_command},
    {.name = NULL},
};
