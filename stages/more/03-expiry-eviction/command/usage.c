/* usage: adds OBJECT IDLETIME, OBJECT FREQ and MEMORY USAGE. */
#include <stdbool.h>
#include <stdint.h>

#include "command/args.h"
#include "command/errors.h"
#include "more/01-event-loop/command/docs.h"
#include "more/02-keyspace/store/bytes.h"
#include "more/03-expiry-eviction/command/families.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"
#include "store/settings.h"

enum { SAMPLES_DEFAULT = 5 };

/* OBJECT IDLETIME key: an error under an LFU policy, which keeps a frequency in
 * the place of the time. */
static void object_idletime_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[2]);
    if (!e)
        reply_null(c);
    else if (store_settings.policy & EVICT_LFU)
        reply_error(c, "ERR An LFU maxmemory policy is selected, idle time not "
                       "tracked. Please note that when switching between "
                       "policies at runtime LRU and LFU data will take some "
                       "time to adjust.");
    else
        reply_integer(c, entry_idle_s(e));
}

/* OBJECT FREQ key: an error unless the policy is LFU. */
static void object_freq_command(struct client *c)
{
    const struct entry *e = lookup_query(c->db, c->argv[2]);
    if (!e)
        reply_null(c);
    else if (store_settings.policy & EVICT_LFU)
        reply_integer(c, entry_frequency(e));
    else
        reply_error(c, "ERR An LFU maxmemory policy is not selected, access "
                       "frequency not tracked. Please note that when switching "
                       "between policies at runtime LRU and LFU data will take "
                       "some time to adjust.");
}

/* Parses [SAMPLES count]. Replies with an error and returns false if it is
 * anything else. */
static bool samples_or_reply(struct client *c, int64_t *samples)
{
    *samples = SAMPLES_DEFAULT;
    for (int i = 3; i < c->argc; i += 2) {
        if (i + 1 == c->argc || !slice_is(c->argv[i], "samples")) {
            reply_error(c, ERR_SYNTAX);
            return false;
        }
        if (!range_or_reply(c, c->argv[i + 1], 0, INT64_MAX, samples,
                            ERR_SYNTAX))
            return false;
    }
    return true;
}

/* MEMORY USAGE key [SAMPLES count]: bytes of the key, its value and its bucket.
 * Of a value with many elements only a sample is measured. */
static void memory_usage_command(struct client *c)
{
    int64_t samples;
    if (!samples_or_reply(c, &samples))
        return;
    const struct entry *e = (struct entry *)dict_find(&c->db->keys, c->argv[2]);
    if (e)
        reply_integer(c, (int64_t)(sizeof(struct dict_node *) +
                                   entry_bytes(e, (size_t)samples)));
    else
        reply_null(c);
}

/* Redis shares no integers under a policy that looks at their access times,
 * which each key needs for itself. */
static bool shares_integers(void)
{
    return store_settings.maxmemory == 0 ||
           !(store_settings.policy & (EVICT_LRU | EVICT_LFU));
}

void usage_open(void)
{
    entry_sharing_set(shares_integers);
}

const struct command more_usage_commands[] = {
    {.name = "object|idletime", .arity = 3, .handler = object_idletime_command},
    {.name = "object|freq", .arity = 3, .handler = object_freq_command},
    {.name = "memory", .arity = -2},
    {.name = "memory|usage", .arity = -3, .handler = memory_usage_command},
    {.name = "memory|help", .arity = 2, .handler = reply_help},
    {.name = NULL},
};
