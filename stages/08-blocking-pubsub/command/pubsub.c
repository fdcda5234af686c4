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

/* A client's subscription to a channel. */
struct subscription {
    struct dict_node node; /* first: of the client's subscriptions */
    struct place place; /* the client's, in the channel */
};

/* What the dicts call for the key of a node: the name of the channel. */
static struct slice subscription_name(const struct dict_node *node)
{
    return ((const struct subscription *)node)->place.queue->name;
}

static const struct dict_type subscriptions_type = {.key = subscription_name};

void pubsub_type_add(struct pubsub_type *type)
{
    type->at = client_reserve(sizeof(struct dict));
    type->next = types;
    types = type;
}

struct dict *subscriptions_of(const struct client *c,
                              const struct pubsub_type *type)
{
    return (struct dict *)((char *)c + type->at);
}

/* Appends a bulk string, or the protocol's null if its ptr is NULL. */
static void append_bulk(struct buffer *out, int protocol, struct slice bytes)
{
    if (!bytes.ptr) {
        buffer_append_text(out, protocol == 3 ? "_\r\n" : "$-1\r\n");
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
    append_bulk(&push, c->protocol, slice_of(word));
    append_bulk(&push, c->protocol, name);
    buffer_printf(&push, ":%zu\r\n", count);
    reply_push(c, buffer_slice(&push));
    buffer_free(&push);
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
        queue_join(queue_open(&type->channels, name, sizeof(struct queue)),
                   &s->place, c);
        dict_insert(own, &s->node, dict_hash(name));
    }
    c->flags |= CLIENT_SUBSCRIBED;
    confirm(c, type, type->subscribed, name);
}

/* Ends a subscription, which no dict has any more, and frees it. A channel
 * without subscribers is no channel. */
static void end_subscription(struct pubsub_type *type, struct dict_node *node)
{
    struct subscription *s = (struct subscription *)node;
    struct queue *channel = s->place.queue;
    queue_leave(&s->place);
    if (channel->length == 0)
        queue_close(&type->channels, channel);
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
    struct dict_node *node = dict_remove(subscriptions_of(c, type), name);
    confirm(c, type, type->unsubscribed, name);
    if (node)
        end_subscription(type, node);
    update_flag(c);
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
            end_subscription(type, node);
        }
        dict_free(own);
    }
    update_flag(c);
}

int64_t channel_push(const struct queue *channel, const struct slice *elements,
                     int count)
{
    struct buffer push = {0};
    buffer_printf(&push, "%d\r\n", count);
    for (int i = 0; i < count; i++)
        append_bulk(&push, 0, elements[i]);
    for (const struct place *p = channel->first; p; p = p->next) {
        reply_push(p->owner, buffer_slice(&push));
        connection_queue_flush(p->owner);
    }
    buffer_free(&push);
    return (int64_t)channel->length;
}

int64_t publish(struct slice channel, struct slice message)
{
    int64_t sent = 0;
    struct dict_iterator it;
    struct dict_node *node = dict_find(&pubsub_channels.channels, channel);
    const struct slice elements[] = {SLICE("message"), channel, message};
    if (node)
        sent += channel_push((struct queue *)node, elements, 3);
    dict_iterate(&it, &pubsub_patterns.channels);
    while ((node = dict_next(&it))) {
        const struct queue *pattern = (struct queue *)node;
        const struct slice with_pattern[] = {SLICE("pmessage"), pattern->name,
                                             channel, message};
        if (glob_match(pattern->name, channel, false))
            sent += channel_push(pattern, with_pattern, 4);
    }
    return sent;
}

/* Returns the type of channels that a command is about: its name is one of the
 * type's two words. */
static struct pubsub_type *type_of(const struct client *c)
{
    struct pubsub_type *type = types;
    while (strcmp(c->command->name, type->subscribed) != 0 &&
           strcmp(c->command->name, type->unsubscribed) != 0)
        type = type->next;
    return type;
}

/* SUBSCRIBE channel [channel ...]
 * PSUBSCRIBE pattern [pattern ...] */
void subscribe_command(struct client *c)
{
    for (int i = 1; i < c->argc; i++)
        subscribe(c, type_of(c), c->argv[i]);
}

/* UNSUBSCRIBE [channel ...]
 * PUNSUBSCRIBE [pattern ...]
 * Without arguments the client is unsubscribed from all. */
void unsubscribe_command(struct client *c)
{
    const struct slice nothing = {NULL, 0};
    struct pubsub_type *type = type_of(c);
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
    {.name = "psubscribe", .arity = -2, .handler = subscribe_command},
    {.name = "punsubscribe", .arity = -1, .handler = unsubscribe_command},
    {.name = "publish", .arity = 3, .handler = publish_command},
    {.name = NULL},
};
