/* pubsub: adds PUBSUB and sharded channels. */
#include "command/pubsub.h"

#include "common/glob.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "net/client.h"
#include "net/reply.h"

struct pubsub_type shards = {.subscribed = "ssubscribe",
                             .unsubscribed = "sunsubscribe"};

/* SPUBLISH channel message */
static void spublish_command(struct client *c)
{
    const struct slice elements[] = {SLICE("smessage"), c->argv[1], c->argv[2]};
    const struct dict_node *node = dict_find(&shards.channels, c->argv[1]);
    reply_integer(
        c, node ? channel_push((const struct queue *)node, elements, 3) : 0);
}

/* Replies with the names of the channels that match the pattern of argument 2,
 * or with all. */
static void reply_channels(struct client *c, struct pubsub_type *type)
{
    struct output_block *begun = reply_begin(c);
    struct dict_iterator it;
    const struct dict_node *node;
    size_t count = 0;
    dict_iterate(&it, &type->channels);
    while ((node = dict_next(&it))) {
        struct slice name = ((const struct queue *)node)->name;
        if (c->argc > 2 && !glob_match(c->argv[2], name, false))
            continue;
        reply_bulk(c, name);
        count++;
    }
    reply_end_aggregate(c, begun, REPLY_ARRAY, count);
}

/* Replies with each channel that is an argument, and its subscribers. */
static void reply_counts(struct client *c, struct pubsub_type *type)
{
    reply_array(c, (size_t)(c->argc - 2) * 2);
    for (int i = 2; i < c->argc; i++) {
        const struct dict_node *node = dict_find(&type->channels, c->argv[i]);
        reply_bulk(c, c->argv[i]);
        reply_integer(c,
                      node ? (int64_t)((const struct queue *)node)->length : 0);
    }
}

/* Replies with an error and returns false if there is more than a pattern. */
static bool pattern_or_reply(struct client *c)
{
    if (c->argc > 3)
        reply_errorf(c,
                     "ERR unknown subcommand or wrong number of arguments "
                     "for '%.*s'. Try PUBSUB HELP.",
                     slice_precision(c->argv[1]), c->argv[1].ptr);
    return c->argc <= 3;
}

/* PUBSUB CHANNELS [pattern] */
static void pubsub_channels_command(struct client *c)
{
    if (pattern_or_reply(c))
        reply_channels(c, &pubsub_channels);
}

/* PUBSUB SHARDCHANNELS [pattern] */
static void pubsub_shardchannels_command(struct client *c)
{
    if (pattern_or_reply(c))
        reply_channels(c, &shards);
}

/* PUBSUB NUMSUB [channel ...] */
static void pubsub_numsub_command(struct client *c)
{
    reply_counts(c, &pubsub_channels);
}

/* PUBSUB SHARDNUMSUB [channel ...] */
static void pubsub_shardnumsub_command(struct client *c)
{
    reply_counts(c, &shards);
}

/* PUBSUB NUMPAT: how many patterns there are. */
static void pubsub_numpat_command(struct client *c)
{
    reply_integer(c, (int64_t)dict_count(&pubsub_patterns.channels));
}

const struct command more_pubsub_commands[] = {
    {.name = "ssubscribe", .arity = -2, .handler = subscribe_command},
    {.name = "sunsubscribe", .arity = -1, .handler = unsubscribe_command},
    {.name = "spublish", .arity = 3, .handler = spublish_command},
    {.name = "pubsub", .arity = -2},
    {.name = "pubsub|channels",
     .arity = -2,
     .handler = pubsub_channels_command},
    {.name = "pubsub|numpat", .arity = 2, .handler = pubsub_numpat_command},
    {.name = "pubsub|numsub", .arity = -2, .handler = pubsub_numsub_command},
    {.name = "pubsub|shardchannels",
     .arity = -2,
     .handler = pubsub_shardchannels_command},
    {.name = "pubsub|shardnumsub",
     .arity = -2,
     .handler = pubsub_shardnumsub_command},
    {.name = "pubsub|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};

#define ANY_TIME (DOC_PUBSUB | DOC_LOADING | DOC_STALE)

const struct command_doc more_pubsub_docs[] = {
    {.name = "subscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .since = "2.0.0",
     .synopsis = "channel...",
     .summary = "Subscribes the connection to channels."},
    {.name = "unsubscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .since = "2.0.0",
     .synopsis = "[channel...]",
     .summary = "Unsubscribes the connection from channels, or from all."},
    {.name = "psubscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .since = "2.0.0",
     .synopsis = "pattern(pattern:pattern)...",
     .summary = "Subscribes the connection to channels that match patterns."},
    {.name = "punsubscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .since = "2.0.0",
     .synopsis = "[pattern:pattern...]",
     .summary = "Unsubscribes the connection from patterns, or from all."},
    {.name = "publish",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_FAST,
     .since = "2.0.0",
     .synopsis = "channel message",
     .summary = "Sends a message to the subscribers of a channel."},
    {.name = "ssubscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .keys = {KEYS(1, -1, 1, KEY_NOT_KEY)},
     .since = "7.0.0",
     .synopsis = "shardchannel...",
     .summary = "Subscribes the connection to shard channels."},
    {.name = "sunsubscribe",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_NOSCRIPT,
     .keys = {KEYS(1, -1, 1, KEY_NOT_KEY)},
     .since = "7.0.0",
     .synopsis = "[shardchannel...]",
     .summary =
         "Unsubscribes the connection from shard channels, or from all."},
    {.name = "spublish",
     .group = "pubsub",
     .flags = ANY_TIME | DOC_FAST,
     .keys = {KEY(1, KEY_NOT_KEY)},
     .since = "7.0.0",
     .synopsis = "shardchannel message",
     .summary = "Sends a message to the subscribers of a shard channel."},
    {.name = "pubsub",
     .group = "pubsub",
     .since = "2.8.0",
     .summary = "A container for commands about channels."},
    {.name = "pubsub|channels",
     .group = "pubsub",
     .flags = ANY_TIME,
     .since = "2.8.0",
     .synopsis = "[pattern:pattern]",
     .syntax = "[<pattern>]",
     .summary = "Returns the channels that have subscribers."},
    {.name = "pubsub|numpat",
     .group = "pubsub",
     .flags = ANY_TIME,
     .since = "2.8.0",
     .summary = "Returns the number of patterns that have subscribers."},
    {.name = "pubsub|numsub",
     .group = "pubsub",
     .flags = ANY_TIME,
     .since = "2.8.0",
     .synopsis = "[channel...]",
     .syntax = "[<channel> ...]",
     .summary = "Returns how many subscribers each of the channels has."},
    {.name = "pubsub|shardchannels",
     .group = "pubsub",
     .flags = ANY_TIME,
     .since = "7.0.0",
     .synopsis = "[pattern:pattern]",
     .syntax = "[<pattern>]",
     .summary = "Returns the shard channels that have subscribers."},
    {.name = "pubsub|shardnumsub",
     .group = "pubsub",
     .flags = ANY_TIME,
     .since = "7.0.0",
     .synopsis = "[shardchannel...]",
     .syntax = "[<shardchannel> ...]",
     .summary = "Returns how many subscribers each of the shard channels has."},
    {.name = "pubsub|help",
     .group = "pubsub",
     .flags = DOC_LOADING | DOC_STALE,
     .since = "6.2.0",
     .summary = "Prints this help."},
    {.name = NULL},
};
