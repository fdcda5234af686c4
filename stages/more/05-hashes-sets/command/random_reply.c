#include "more/05-hashes-sets/command/random_reply.h"

#include "command/args.h"
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

/* Replies with an element. Returns whether the client is to get more. A
 * negative count would fill any memory, so the reply ends the client's output
 * as its limit would; that is the client's end, too. */
static bool reply_picked(void *context, struct slice name, struct slice value)
{
    const struct randoms *randoms = context;
    struct client *c = randoms->client;
    if (randoms->with_values && c->protocol == 3)
        reply_array(c, 2);
    reply_bulk(c, name);
    if (randoms->with_values)
        reply_bulk(c, value);
    if (c->output.pending > REPLY_BYTES_MAX)
        c->output.over_limit = true;
    return !c->output.over_limit && !c->output.muted;
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
