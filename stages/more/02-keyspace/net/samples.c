#include "more/02-keyspace/net/samples.h"

#include <stddef.h>

#include "more/01-event-loop/net/replies.h"
#include "net/client.h"
#include "net/reply.h"

/* A bulk string. */
static void reply_sample_string(struct client *c)
{
    reply_bulk_text(c, "Hello World");
}

/* An integer. */
static void reply_sample_integer(struct client *c)
{
    reply_integer(c, 12345);
}

/* Replies with a number of that type; in RESP2, which lacks it, with a bulk
 * string. */
static void reply_digits(struct client *c, char type, struct slice digits)
{
    if (c->protocol == 3)
        reply_line(c, type, digits);
    else
        reply_bulk(c, digits);
}

/* A double. */
static void reply_sample_double(struct client *c)
{
    reply_digits(c, ',', SLICE("3.141"));
}

/* An integer of more digits than 64 bits hold. */
static void reply_sample_big_number(struct client *c)
{
    reply_digits(c, '(', SLICE("1234567999999999999999999999999999999"));
}

/* A text with its format. */
static void reply_sample_verbatim(struct client *c)
{
    reply_verbatim(c, "txt", SLICE("This is a verbatim\nstring"));
}

/* Replies with a boolean; in RESP2, which has none, with an integer. */
static void reply_truth(struct client *c, bool value)
{
    if (c->protocol == 3)
        reply_line(c, '#', value ? SLICE("t") : SLICE("f"));
    else
        reply_integer(c, value);
}

/* A boolean. */
static void reply_sample_true(struct client *c)
{
    reply_truth(c, true);
}

/* The other boolean. */
static void reply_sample_false(struct client *c)
{
    reply_truth(c, false);
}

/* Replies with 0, 1 and 2; in a map each has a value. */
static void reply_three(struct client *c, enum reply_type type)
{
    reply_aggregate(c, type, 3);
    for (int i = 0; i < 3; i++) {
        reply_integer(c, i);
        if (type == REPLY_MAP)
            reply_truth(c, i == 1);
    }
}

/* An array of three integers. */
static void reply_sample_array(struct client *c)
{
    reply_three(c, REPLY_ARRAY);
}

/* A set of three integers. */
static void reply_sample_set(struct client *c)
{
    reply_three(c, REPLY_SET);
}

/* A map of three integers to booleans. */
static void reply_sample_map(struct client *c)
{
    reply_three(c, REPLY_MAP);
}

/* An attribute, which says something about the reply after it; RESP3 only. */
static void reply_sample_attribute(struct client *c)
{
    if (c->protocol == 3) {
        reply_header(c, '|', 1);
        reply_bulk_text(c, "key-popularity");
        reply_array(c, 2);
        reply_bulk_text(c, "key:123");
        reply_integer(c, 90);
    }
    reply_bulk_text(c, "Some real reply following the attribute");
}

/* A message that is no reply to a command, and the reply after it. */
static void reply_sample_push(struct client *c)
{
    if (c->protocol < 3) {
        reply_error(c, "ERR RESP2 is not supported by this command");
        return;
    }
    reply_aggregate(c, REPLY_PUSH, 2);
    reply_bulk_text(c, "server-cpu-usage");
    reply_integer(c, 42);
    reply_bulk_text(c, "Some real reply following the push reply");
}

static const struct {
    const char *type;
    void (*reply)(struct client *c);
} samples[] = {
    {"string", reply_sample_string},
    {"integer", reply_sample_integer},
    {"double", reply_sample_double},
    {"bignum", reply_sample_big_number},
    {"null", reply_null},
    {"verbatim", reply_sample_verbatim},
    {"true", reply_sample_true},
    {"false", reply_sample_false},
    {"array", reply_sample_array},
    {"set", reply_sample_set},
    {"map", reply_sample_map},
    {"attrib", reply_sample_attribute},
    {"push", reply_sample_push},
};

bool reply_sample(struct client *c, struct slice type)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        if (slice_is(type, samples[i].type)) {
            samples[i].reply(c);
            return true;
        }
    }
    return false;
}
