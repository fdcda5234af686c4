#include "more/05-hashes-sets/command/random_reply.h"

#include "command/args.h"
#include "command/errors.h"
#include "more/05-hashes-sets/store/pick.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/hash.h"
#include "store/set.h"

#define ERR_NO_COUNT                                 \
    "ERR value is out of range, value must between " \
    "-9223372036854775807 and 9223372036854775807"

enum { REPLY_BYTES_MAX = 64 * 1024 * 1024 };

struct randoms {
    struct client *client;
    bool with_values;
};

bool random_goes_on(struct client *c)
{
    if (c->output.pending > REPLY_BYTES_MAX)
        c->output.over_limit = true;
    return !c->output.over_limit && !c->output.muted;
}

/* Replies with an element. Returns whether the client is to get more. */
static bool reply_picked(void *context, struct slice name, struct slice value)
{
    const struct randoms *randoms = context;
    struct client *c = randoms->client;
    if (randoms->with_values && c->protocol == 3)
        reply_array(c, 2);
    reply_bulk(c, name);
    if (randoms->with_values)
        reply_bulk(c, value);
    return random_goes_on(c);
}

void reply_random(struct client *c, const struct entry *e)
{
    struct randoms randoms = {c, false};
    if (e)
        pick_any(e, 1, reply_picked, &randoms);
    else
        reply_null(c);
}

void reply_randoms(struct client *c, const struct entry *e, int64_t count,
                   bool with_values)
{
    struct randoms randoms = {c, with_values};
    if (!e || count == 0) {
        reply_array(c, 0);
        return;
    }
    size_t all = e->type == TYPE_HASH ? hash_length(e) : set_size(e);
    size_t picked = count < 0 ? (size_t)-count : (size_t)count;
    if (count > 0 && picked > all)
        picked = all;
    reply_array(c, with_values && c->protocol == 2 ? picked * 2 : picked);
    if (count < 0)
        pick_any(e, picked, reply_picked, &randoms);
    else
        pick_distinct(e, picked, reply_picked, &randoms);
}

bool random_count_or_reply(struct client *c, struct slice arg, int64_t *count)
{
    return range_or_reply(c, arg, -INT64_MAX, INT64_MAX, count, ERR_NO_COUNT);
}

bool random_pairs_or_reply(struct client *c, const char *with, int64_t *count,
                           bool *with_values)
{
    *count = 0;
    *with_values = c->argc > 3;
    if (c->argc > 2 && !random_count_or_reply(c, c->argv[2], count))
        return false;
    if (c->argc > 4 || (*with_values && !slice_is(c->argv[3], with))) {
        reply_error(c, ERR_SYNTAX);
        return false;
    }
    if (*with_values && (*count > INT64_MAX / 2 || *count < -(INT64_MAX / 2))) {
        reply_error(c, "ERR value is out of range");
        return false;
    }
    return true;
}
