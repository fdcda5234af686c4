/* pubsub: channels, and the clients that are subscribed to them.
 *
 *   channel "news"    ann -> bob        in the order in which they came
 *   channel "mail"    ann
 *   pattern "n*"      cid
 *
 *   client ann        news, mail
 *
 * A message goes to the clients that are subscribed at this moment, and is kept
 * nowhere. To send it costs as much as there are receivers, and a look at each
 * pattern; to subscribe and to unsubscribe is O(1). Knows no key. */
#ifndef COMMAND_PUBSUB_H
#define COMMAND_PUBSUB_H

#include <stdint.h>

#include "command/queue.h"

struct client;

/* What clients can subscribe to: channels are one type, patterns another. */
struct pubsub_type {
    const char *subscribed, *unsubscribed; /* what the confirmations say */
    struct pubsub_type *counted_with; /* confirmations count these, too */
    struct dict channels; /* a queue of clients for each */
    size_t at; /* in every client: the dict of its subscriptions */
    struct pubsub_type *next; /* of all types */
};

extern struct pubsub_type pubsub_channels, pubsub_patterns;

/* Adds a type. Call it before the first client connects. */
void pubsub_type_add(struct pubsub_type *type);

/* Returns the dict of a client's subscriptions to channels of a type. */
struct dict *subscriptions_of(const struct client *c,
                              const struct pubsub_type *type);

/* Handlers for all types: the type is the one that names the command. */
void subscribe_command(struct client *c);
void unsubscribe_command(struct client *c);

/* Unsubscribes the client from everything, and confirms nothing. */
void pubsub_forget(struct client *c);

/* Sends a message to all that are subscribed to a channel: these elements, as a
 * push. It is formatted once. Returns how many clients get it. */
int64_t channel_push(const struct queue *channel, const struct slice *elements,
                     int count);

/* Sends a message to the subscribers of the channel, and to those of each
 * pattern that matches it. Returns how often it was sent. */
int64_t publish(struct slice channel, struct slice message);

/* Call it before the first client connects. */
void pubsub_open(void);

#endif
