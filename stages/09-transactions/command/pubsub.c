#include "command/pubsub.h"

#include <string.h>

#include "command/dispatch.h"
#include "command/families.h"
#include "common/buffer.h"
#include "common/glob.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "net/connection.h"
#include "net/reply.h"

static struct pubsub_type *types; /* linked by next */

struct pubsub_type pubsub_patterns = {.subscribed = "psubscribe",
                                      .unsubscribed = "punsubscribe",
                                      .counted_with = &pubsub_channels};
struct pubsub_type pubsub_channels = {.subscribed = "subscribe",
                                      .unsubscribed = "unsubscribe",
                                      .counted_with = &pubsub_patterns};

/* What the dicts call for the key of a node: a channel's name. */
static struct slice channel_name(const struct dict_node *node)
{
    return ((const struct channel *)node)->name;
}

static struct slice subscription_name(const struct dict_node *node)
{
    return ((const struct subscription *)node)->channel->name;
}

static const struct dict_type channels_type = {.key = channel_name};
static const struct dict_type subscriptions_type = {.key = subscription_name};

void pubsub_type_add(struct pubsub_type *type)
{
    dict_init(&type->channels, &channels_type);
    type->at = client_reserve(sizeof(struct dict));
    type->next = types;
    types = type;
}

struct dict *subscriptions_of(const struct client *c,
                              const struct pubsub_type *type)
{
    return (struct dict *)((char *)c + type->at);
}

/* Appends a bulk string, or null if its ptr is NULL. */
static void append_bulk(struct buffer *out, const struct client *c,
                        struct slice bytes)
{
    if (!bytes.ptr) {
        buffer_append_text(out, c->protocol == 3 ? "_\r\n" : "$-1\r\n");
        return;
    }
    buffer_printf(out, "$%zu\r\n", bytes.len);
    buffer_append_slice(out, bytes);
    buffer_append_text(out, "\r\n");
}

/* Confirms that the client is subscribed now, or is not any more; with how many
 * subscriptions it has. */
static void confirm(struct client *c, const struct pubsub_type *type,
                    const char *word, struct slice name)
{
    struct buffer push = {0};
    size_t count = dict_count(subscriptions_of(c, type));
    if (type->counted_with)
        count += dict_count(subscriptions_of(c, type->counted_with));
    buffer_append_text(&push, "3\r\n");
    append_bulk(&push, c, slice_of(word));
    append_bulk(&push, c, name);
    buffer_printf(&push, ":%zu\r\n", count);
    reply_push(c, buffer_slice(&push));
    buffer_free(&push);
}

/* Returns the channel of that name, which is created if it is missing. */
static struct channel *channel_open(struct pubsub_type *type, struct slice name)
{
    struct dict_node *node = dict_find(&type->channels, name);
    if (node)
        return (struct channel *)node;
    struct channel *channel = zmalloc(sizeof *channel + name.len);
    char *bytes = (char *)(channel + 1);
    memcpy(bytes, name.ptr, name.len);
    *channel = (struct channel){.name = {bytes, name.len}};
    dict_insert(&type->channels, &channel->node, dict_hash(name));
    return channel;
}

/* Subscribes a client. It may be subscribed already. */
static void subscribe(struct client *c, struct pubsub_type *type,
                      struct slice name)
{
    struct dict *own = subscriptions_of(c, type);
    if (!own->type)
        dict_init(own, &subscriptions_type);
    if (!dict_find(own, name)) {
        struct subscription *s = zmalloc(sizeof *s);
        struct channel *channel = channel_open(type, name);
        *s = (struct subscription){
            .channel = channel, .client = c, .previous = channel->last};
        if (channel->last)
            channel->last->next = s;
        else
            channel->first = s;
        channel->last = s;
        channel->count++;
        dict_insert(own, &s->node, dict_hash(name));
    }
    c->flags |= CLIENT_SUBSCRIBED;
    confirm(c, type, type->subscribed, name);
}

/* Ends a subscription, which no dict has any more, and frees it. A channel to
 * which nobody is subscribed is no channel. */
static void end_subscription(struct pubsub_type *type, struct subscription *s)
{
    struct channel *channel = s->channel;
    if (s->previous)
        s->previous->next = s->next;
    else
        channel->first = s->next;
    if (s->next)
        s->next->previous = s->previous;
    else
        channel->last = s->previous;
    if (--channel->count == 0) {
        dict_remove(&type->channels, channel->name);
        zfree(channel);
    }
    zfree(s);
}

/* Notes whether the client is still subscribed to anything. */
static void update_flag(struct client *c)
{
    c->flags &= ~(unsigned)CLIENT_SUBSCRIBED;
    for (const struct pubsub_type *type = types; type; type = type->next) {
        if (dict_count(subscriptions_of(c, type)) > 0)
            c->flags |= CLIENT_SUBSCRIBED;
    }
}

/* Unsubscribes a client. It need not be subscribed. */
static void unsubscribe(struct client *c, struct pubsub_type *type,
                        struct slice name)
{
    struct dict *own = subscriptions_of(c, type);
    struct dict_node *node = own->type ? dict_remove(own, name) : NULL;
    confirm(c, type, type->unsubscribed, name);
    if (node)
        end_subscription(type, (struct subscription *)node);
    update_flag(c);
}

void subscribe_arguments(struct client *c, struct pubsub_type *type)
{
    for (int i = 1; i < c->argc; i++)
        subscribe(c, type, c->argv[i]);
}

void unsubscribe_arguments(struct client *c, struct pubsub_type *type)
{
    const struct slice nothing = {NULL, 0};
    struct dict *own = subscriptions_of(c, type);
    struct dict_iterator it;
    struct dict_node *node;
    for (int i = 1; i < c->argc; i++)
        unsubscribe(c, type, c->argv[i]);
    if (c->argc > 1)
        return;
    if (dict_count(own) == 0)
        confirm(c, type, type->unsubscribed, nothing);
    dict_iterate(&it, own);
    while ((node = dict_next(&it)))
        unsubscribe(c, type, subscription_name(node));
}

/* Frees all subscriptions of a client. Also called before it is freed. */
void pubsub_forget(struct client *c)
{
    for (struct pubsub_type *type = types; type; type = type->next) {
        struct dict *own = subscriptions_of(c, type);
        struct dict_iterator it;
        struct dict_node *node;
        dict_iterate(&it, own);
        while ((node = dict_next(&it))) {
            dict_remove(own, subscription_name(node));
            end_subscription(type, (struct subscription *)node);
        }
        if (own->type)
            dict_free(own);
    }
    c->flags &= ~(unsigned)CLIENT_SUBSCRIBED;
}

int64_t channel_push(const struct channel *channel,
                     const struct slice *elements, int count)
{
    struct buffer push = {0};
    buffer_printf(&push, "%d\r\n", count);
    for (int i = 0; i < count; i++)
        append_bulk(&push, NULL, elements[i]);
    for (const struct subscription *s = channel->first; s; s = s->next) {
        reply_push(s->client, buffer_slice(&push));
        connection_queue_flush(s->client);
    }
    buffer_free(&push);
    return (int64_t)channel->count;
}

int64_t publish(struct slice channel, struct slice message)
{
    int64_t sent = 0;
    struct dict_iterator it;
    struct dict_node *node = dict_find(&pubsub_channels.channels, channel);
    const struct slice elements[] = {SLICE("message"), channel, message};
    if (node)
        sent += channel_push((struct channel *)node, elements, 3);
    dict_iterate(&it, &pubsub_patterns.channels);
    while ((node = dict_next(&it))) {
        struct slice pattern = channel_name(node);
        const struct slice with_pattern[] = {SLICE("pmessage"), pattern,
                                             channel, message};
        if (glob_match(pattern, channel, false))
            sent += channel_push((struct channel *)node, with_pattern, 4);
    }
    return sent;
}

/* SUBSCRIBE channel [channel ...] */
static void subscribe_command(struct client *c)
{
    subscribe_arguments(c, &pubsub_channels);
}

/* UNSUBSCRIBE [channel ...] */
static void unsubscribe_command(struct client *c)
{
    unsubscribe_arguments(c, &pubsub_channels);
}

/* PSUBSCRIBE pattern [pattern ...] */
static void psubscribe_command(struct client *c)
{
    subscribe_arguments(c, &pubsub_patterns);
}

/* PUNSUBSCRIBE [pattern ...] */
static void punsubscribe_command(struct client *c)
{
    unsubscribe_arguments(c, &pubsub_patterns);
}

/* PUBLISH channel message */
static void publish_command(struct client *c)
{
    reply_integer(c, publish(c->argv[1], c->argv[2]));
}

/* Replies with an error and returns false if the client is subscribed, and the
 * command's reply could be taken for a message: in RESP2 both are arrays. */
static bool check_subscribed(struct client *c)
{
    static const char *const allowed[] = {
        "ping",        "quit",         "reset",
        "subscribe",   "psubscribe",   "ssubscribe",
        "unsubscribe", "punsubscribe", "sunsubscribe"};
    if (!(c->flags & CLIENT_SUBSCRIBED) || c->protocol == 3)
        return true;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (strcmp(c->command->name, allowed[i]) == 0)
            return true;
    }
    reply_errorf(c,
                 "ERR Can't execute '%s': only (P|S)SUBSCRIBE / "
                 "(P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this "
                 "context",
                 c->command->name);
    return false;
}

void pubsub_open(void)
{
    pubsub_type_add(&pubsub_channels);
    pubsub_type_add(&pubsub_patterns);
    client_on_free(pubsub_forget);
    dispatch_check(CHECK_SUBSCRIBED, check_subscribed);
}

const struct command pubsub_commands[] = {
    {.name = "subscribe", .arity = -2, .handler = subscribe_command},
    {.name = "unsubscribe", .arity = -1, .handler = unsubscribe_command},
    {.name = "psubscribe", .arity = -2, .handler = psubscribe_command},
    {.name = "punsubscribe", .arity = -1, .handler = punsubscribe_command},
    {.name = "publish", .arity = 3, .handler = publish_command},
    {.name = NULL},
};
