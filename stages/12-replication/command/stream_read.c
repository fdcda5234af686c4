/* stream_read: XREAD and XREADGROUP, which read several streams from an ID on.
 *
 * Both take the same arguments. They differ in who remembers how far it has
 * read: the client of XREAD gives its last ID, the group of XREADGROUP has
 * it. */
#include <string.h>

#include "command/args.h"
#include "command/call.h"
#include "command/errors.h"
#include "command/families.h"
#include "command/lookup.h"
#include "command/stream.h"
#include "command/waiting.h"
#include "common/clock.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/reply.h"

struct read_args {
    bool is_group; /* XREADGROUP */
    struct slice group, consumer; /* GROUP; ptr is NULL without it */
    bool no_ack; /* NOACK: what is delivered is not pending */
    int64_t count; /* COUNT: entries of each stream at most; up to 0: all */
    int64_t block_ms; /* BLOCK: how long it waits; -1: not at all */
    int keys; /* index of the first key; 0: not found yet */
    int streams; /* as many keys, then as many IDs */

    /* The reply: for each stream that has something, its key and entries. */
    struct output_block *begun; /* NULL: there is none yet */
    size_t replied; /* streams in it */
};

/* Parses the option at argument *i, and moves *i to the last argument of it.
 * STREAMS is the last option. */
static bool read_option_or_reply(struct client *c, int *i,
                                 struct read_args *args)
{
    struct slice option = c->argv[*i];
    int more = c->argc - 1 - *i;
    if (more >= 1 && slice_is(option, "count"))
        return integer_or_reply(c, c->argv[++*i], &args->count);
    if (more >= 1 && slice_is(option, "block")) {
        if (!parse_int64(c->argv[++*i], &args->block_ms))
            return refuse(c, "ERR timeout is not an integer or out of range");
        return args->block_ms >= 0 || refuse(c, "ERR timeout is negative");
    }
    if (more >= 2 && slice_is(option, "group")) {
        args->group = c->argv[++*i];
        args->consumer = c->argv[++*i];
        return args->is_group ||
               refuse(c, "ERR The GROUP option is only supported by "
                         "XREADGROUP. You called XREAD instead.");
    }
    if (slice_is(option, "noack")) {
        args->no_ack = true;
        return args->is_group ||
               refuse(c, "ERR The NOACK option is only supported by "
                         "XREADGROUP. You called XREAD instead.");
    }
    if (more == 0 || !slice_is(option, "streams"))
        return refuse(c, ERR_SYNTAX);
    args->keys = *i + 1;
    args->streams = more / 2;
    return more % 2 == 0 ||
           refuse(c, "ERR Unbalanced XREAD list of streams: for each stream "
                     "key an ID or '$' must be specified.");
}

/* Parses all options, up to the keys. */
static bool read_args_or_reply(struct client *c, struct read_args *args)
{
    for (int i = 1; i < c->argc && args->keys == 0; i++) {
        if (!read_option_or_reply(c, &i, args))
            return false;
    }
    if (args->keys == 0)
        return refuse(c, ERR_SYNTAX);
    return !args->is_group || args->group.ptr ||
           refuse(c, "ERR Missing GROUP option for XREADGROUP");
}

/* Looks up stream `i` and parses the ID behind which it is read. For XREAD that
 * may be $, the last one of now; for XREADGROUP >, what no consumer has got,
 * which is the largest ID here, since no entry is behind that. */
static bool after_or_reply(struct client *c, const struct read_args *args,
                           int i, struct stream_id *after)
{
    struct slice key = c->argv[args->keys + i];
    struct slice arg = c->argv[args->keys + args->streams + i];
    bool is_last = slice_equal(arg, SLICE("$"));
    bool is_new = slice_equal(arg, SLICE(">"));
    struct entry *e = NULL;
    if (args->is_group ? !group_or_reply(c, key, args->group,
                                         " in XREADGROUP with GROUP option")
                       : !read_typed_or_reply(c, key, TYPE_STREAM, &e))
        return false;
    if (is_last && args->is_group)
        return refuse(c, "ERR The $ ID is meaningless in the context of "
                         "XREADGROUP: you want to read the history of this "
                         "consumer by specifying a proper ID, or use the > ID "
                         "to get new messages. The $ ID would just return an "
                         "empty result set.");
    if (is_new && !args->is_group)
        return refuse(c, "ERR The > ID can be specified only when calling "
                         "XREADGROUP using the GROUP <group> <consumer> "
                         "option.");
    *after = is_new ? stream_id_max
             : e    ? entry_stream(e)->last_id
                    : stream_id_min;
    return is_last || is_new || id_or_reply(c, arg, after);
}

/* Begins the entries of one stream in the reply. */
static struct output_block *begin_stream(struct client *c,
                                         struct read_args *args,
                                         struct slice key)
{
    if (args->replied++ == 0)
        args->begun = reply_begin(c);
    if (c->protocol == 2)
        reply_array(c, 2);
    reply_bulk(c, key);
    return reply_begin(c);
}

/* Replies with entries that are behind an ID, and delivers them unless the
 * group is NULL. */
static void read_entries(struct client *c, struct read_args *args,
                         struct slice key, const struct stream *s,
                         struct stream_id after, struct group *g)
{
    struct stream_iterator it;
    struct consumer *consumer = NULL;
    int64_t count = 0;
    if (!stream_id_next(&after))
        return;
    stream_iterate(&it, s, after, stream_id_max, false);
    if (!stream_next(&it))
        return;
    if (g)
        consumer = consumer_open(c, key, g, args->consumer, args->no_ack);
    struct output_block *begun = begin_stream(c, args, key);
    do {
        if (g)
            stream_read_by(s, g, it.id);
        if (g && !args->no_ack)
            propagate_claim(
                c, key, g,
                group_deliver(g, consumer, it.id, clock_ticked_ms()));
        reply_entry(c, &it);
    } while (++count != args->count && stream_next(&it));
    if (g && args->no_ack)
        propagate_group(c, key, g);
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* Replies with what a consumer has got and not acknowledged, from behind an ID
 * on. An entry that was deleted has null in place of its fields. */
static void read_history(struct client *c, struct read_args *args,
                         struct slice key, const struct stream *s,
                         struct stream_id after, struct group *g)
{
    const struct consumer *consumer =
        consumer_open(c, key, g, args->consumer, args->no_ack);
    struct output_block *begun = begin_stream(c, args, key);
    struct pending *p = tree_seek(&consumer->pending, &after, TREE_MORE);
    int64_t count = 0;
    for (; p; p = tree_seek(&consumer->pending, p, TREE_MORE)) {
        struct stream_iterator it;
        stream_iterate(&it, s, p->id, p->id, false);
        if (stream_next(&it)) {
            p->delivered_ms = clock_ticked_ms();
            p->deliveries++;
            reply_entry(c, &it);
        } else {
            reply_array(c, 2);
            reply_id(c, p->id);
            reply_null_array(c);
        }
        if (++count == args->count)
            break;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, (size_t)count);
}

/* Reads from stream `i`, if it still exists. */
static void read_stream(struct client *c, struct read_args *args, int i,
                        struct stream_id after)
{
    struct slice key = c->argv[args->keys + i];
    const struct entry *e = lookup_read(c->db, key);
    if (!e)
        return;
    const struct stream *s = entry_stream(e);
    if (!args->is_group) {
        read_entries(c, args, key, s, after, NULL);
        return;
    }
    struct group *g = group_find(&s->groups, args->group);
    if (stream_id_compare(&after, &stream_id_max) == 0)
        read_entries(c, args, key, s, g->last_id, g);
    else
        read_history(c, args, key, s, after, g);
}

/* Ends the reply, if there is one. */
static bool end_streams(struct client *c, const struct read_args *args)
{
    if (args->replied > 0)
        reply_end_aggregate(c, args->begun,
                            c->protocol == 3 ? REPLY_MAP : REPLY_ARRAY,
                            args->replied);
    return args->replied > 0;
}

/* Serves a client that waits for a stream: with what is behind its ID, or
 * behind what its group has read meanwhile. Its arguments are valid. A client
 * of a group must hear that the stream or the group is gone: it would wait
 * forever, as a new one is not the same. */
static bool serve_reader(struct client *c, struct slice key, struct entry *e)
{
    struct read_args args = {.is_group = c->command->flags & CMD_WRITE};
    struct stream_id after;
    struct group *g = NULL;
    int i = 0;
    read_args_or_reply(c, &args);
    while (!slice_equal(c->argv[args.keys + i], key))
        i++;
    if (!e && args.is_group)
        reply_error(c, "UNBLOCKED the stream key no longer exists");
    if (!e)
        return args.is_group;
    const struct stream *s = entry_stream(e);
    stream_id_parse(c->argv[args.keys + args.streams + i], &after);
    if (args.is_group) {
        g = group_find(&s->groups, args.group);
        if (!g)
            return !refuse(c, "NOGROUP the consumer group this client was "
                              "blocked on no longer exists");
        after = g->last_id;
    }
    if (stream_id_compare(&s->last_id, &after) <= 0)
        return false;
    read_entries(c, &args, key, s, after, g);
    if (args.replied == 0) { /* an entry was added, and is trimmed already */
        if (g)
            consumer_open(c, key, g, args.consumer, args.no_ack);
        reply_end_aggregate(c, begin_stream(c, &args, key), REPLY_ARRAY, 0);
    }
    return end_streams(c, &args);
}

/* Lets a client wait for entries. What $ means is decided now, in a copy of the
 * arguments: who observes the call is shown what the client has sent. */
static void wait_for_entries(struct client *c, const struct read_args *args,
                             const struct stream_id *after)
{
    const struct wait_args wait = {.first = args->keys,
                                   .count = args->streams,
                                   .type = TYPE_STREAM,
                                   .timeout_ms = args->block_ms,
                                   .serve = serve_reader};
    char(*text)[STREAM_ID_TEXT_MAX] =
        zmalloc((size_t)args->streams * sizeof *text);
    struct slice *sent = c->argv;
    c->argv = zmalloc((size_t)c->argc * sizeof *sent);
    memcpy(c->argv, sent, (size_t)c->argc * sizeof *sent);
    for (int i = 0; i < args->streams; i++)
        c->argv[args->keys + args->streams + i] =
            stream_id_format(text[i], after[i]);
    wait_for_keys(c, &wait);
    zfree(c->argv);
    c->argv = sent;
    zfree(text);
}

/* XREAD [COUNT count] [BLOCK ms] STREAMS key [key ...] id [id ...]
 * XREADGROUP GROUP group consumer [COUNT count] [BLOCK ms] [NOACK]
 *            STREAMS key [key ...] id [id ...]
 * All IDs are parsed before the first entry is read. */
static void xread_command(struct client *c)
{
    struct read_args args = {.is_group = c->command->flags & CMD_WRITE,
                             .block_ms = -1};
    if (!read_args_or_reply(c, &args))
        return;
    struct stream_id *after = zmalloc((size_t)args.streams * sizeof *after);
    int i = 0;
    while (i < args.streams && after_or_reply(c, &args, i, &after[i]))
        i++;
    bool is_valid = i == args.streams;
    for (i = 0; is_valid && i < args.streams; i++)
        read_stream(c, &args, i, after[i]);
    if (!end_streams(c, &args) && is_valid && args.block_ms >= 0)
        wait_for_entries(c, &args, after);
    else if (args.replied == 0 && is_valid)
        reply_null_array(c);
    zfree(after);
}

const struct command stream_read_commands[] = {
    {.name = "xread", .arity = -4, .handler = xread_command},
    {.name = "xreadgroup",
     .arity = -7,
     .flags = CMD_WRITE,
     .handler = xread_command},
    {.name = NULL},
};
