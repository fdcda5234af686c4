#include "more/08-blocking-pubsub/command/report.h"

#include "command/waiting.h"
#include "more/01-event-loop/command/client_list.h"
#include "more/01-event-loop/net/extension.h"
#include "more/02-keyspace/command/info.h"
#include "more/08-blocking-pubsub/command/families.h"
#include "net/client.h"

/* Appends how many channels of a type the client is subscribed to. */
static void append_count(const struct client *c, struct pubsub_type *type,
                         struct buffer *out)
{
    buffer_printf(out, "%zu", dict_count(subscriptions_of(c, type)));
}

/* The fields "sub", "psub" and "ssub" of CLIENT LIST. */
static void append_sub(const struct client *c, struct buffer *out)
{
    append_count(c, &pubsub_channels, out);
}

static void append_psub(const struct client *c, struct buffer *out)
{
    append_count(c, &pubsub_patterns, out);
}

static void append_ssub(const struct client *c, struct buffer *out)
{
    append_count(c, &shards, out);
}

/* What INFO tells of clients. */
static void append_clients(struct buffer *out)
{
    int64_t blocked = 0, with_timeout = 0;
    for (const struct client *c = client_first(); c; c = c->next) {
        blocked += (c->flags & (CLIENT_BLOCKED | CLIENT_POSTPONED)) != 0;
        with_timeout += waiter_of(c) && waiter_of(c)->timer;
    }
    info_field(out, "blocked_clients", blocked);
    info_field(out, "clients_in_timeout_table", with_timeout);
}

/* What INFO tells of channels. */
static void append_channels(struct buffer *out)
{
    info_field(out, "pubsub_channels",
               (int64_t)dict_count(&pubsub_channels.channels));
    info_field(out, "pubsub_patterns",
               (int64_t)dict_count(&pubsub_patterns.channels));
    info_field(out, "pubsubshard_channels",
               (int64_t)dict_count(&shards.channels));
}

/* Clients that are subscribed have an output limit of their own. */
static enum client_class class_of(const struct client *c)
{
    return c->flags & CLIENT_SUBSCRIBED ? CLASS_PUBSUB : CLASS_NORMAL;
}

void waiting_report_open(void)
{
    client_letter_add("b", CLIENT_BLOCKED);
    client_letter_add("P", CLIENT_SUBSCRIBED);
    client_field_set("sub", append_sub);
    client_field_set("psub", append_psub);
    client_field_set("ssub", append_ssub);
    client_class_set(class_of);
    info_extend("Clients", append_clients);
    info_extend("Stats", append_channels);
}
