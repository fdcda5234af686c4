/* stats: counts calls, errors and time, for all commands and for each.
 *
 * Rows of commands are constant, so their counters are beside them, in a hash
 * table whose keys are the addresses of the rows. */
#include "more/02-keyspace/command/stats.h"

#include <stddef.h>
#include <string.h>

#include "command/call.h"
#include "command/command.h"
#include "command/dispatch.h"
#include "common/hooks.h"
#include "more/01-event-loop/net/extension.h"
#include "more/02-keyspace/net/error_stats.h"
#include "more/02-keyspace/net/traffic_stats.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum {
    SLOTS_BITS = 11,
    SLOTS = 1 << SLOTS_BITS /* well above the number of rows */
};

int64_t stats_calls;
int64_t stats_errors;
bool stats_has_failed;

static struct {
    const struct command *row; /* NULL: free */
    struct command_stats stats;
} slots[SLOTS];

static struct hooks resets;

/* The slot of that row, or the free one where it would be. Fibonacci hashing:
 * addresses of neighbouring rows differ in their middle bits. */
static size_t slot_of(const struct command *row)
{
    uint64_t hash = (uint64_t)(uintptr_t)row * 0x9e3779b97f4a7c15U;
    size_t i = (size_t)(hash >> (64 - SLOTS_BITS));
    while (slots[i].row && slots[i].row != row)
        i = (i + 1) & (SLOTS - 1);
    return i;
}

const struct command_stats *stats_of(const struct command *row)
{
    size_t i = slot_of(row);
    return slots[i].row ? &slots[i].stats : NULL;
}

/* The row's counters, which begin here if need be. */
static struct command_stats *stats_for(const struct command *row)
{
    size_t i = slot_of(row);
    slots[i].row = row;
    return &slots[i].stats;
}

/* Called after each command. */
static void count_call(struct client *c, int64_t duration_us)
{
    struct command_stats *stats = stats_for(c->command);
    stats->calls++;
    stats->usec += duration_us;
    stats->failed += stats_has_failed;
    stats_has_failed = false;
    stats_calls++;
}

/* Where the subcommand is unknown, only the row of its container was found: to
 * clients that is an unknown command, which has none. One that is postponed
 * will come again. */
static void count_rejected(struct client *c)
{
    if (c->command && !c->command->handler && c->argc > 1)
        c->command = NULL;
    if (c->command && !(c->flags & CLIENT_POSTPONED))
        stats_for(c->command)->rejected++;
}

static unsigned late; /* flags of clients whose command was counted before */

void stats_expect_late(unsigned flag)
{
    late |= flag;
}

void stats_count_failed(const struct client *c)
{
    stats_for(c->command)->failed++;
}

/* Called with each error reply, whether a handler or a check is the reason. */
static void count_error(struct client *c, const char *text)
{
    stats_errors++;
    if (c->flags & late)
        stats_count_failed(c);
    else
        stats_has_failed = true;
    error_stats_count(text);
}

void stats_open(void)
{
    traffic_stats_open();
    call_observe(count_call);
    dispatch_on_rejected(count_rejected);
    reply_on_error(count_error);
}

void stats_on_reset(void (*fn)(void))
{
    hooks_add(&resets, fn);
}

void stats_reset(void)
{
    memset(slots, 0, sizeof slots);
    stats_calls = 0;
    stats_errors = 0;
    error_stats_reset();
    traffic_stats = (struct traffic_stats){0};
    keyspace_stats = (struct keyspace_stats){0};
    hooks_call(&resets, hook_fn, );
}
