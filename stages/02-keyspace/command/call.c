#include "command/call.h"

#include "command/command.h"
#include "common/clock.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

enum { SUBSCRIBERS_MAX = 4, OBSERVERS_MAX = 4 };

int64_t calls_total;

static propagate_fn *subscribers[SUBSCRIBERS_MAX];
static int subscriber_count;
static void (*observers[OBSERVERS_MAX])(struct client *c);
static int observer_count;

void propagate(int db, int argc, const struct slice *argv)
{
    for (int i = 0; i < subscriber_count; i++)
        subscribers[i](db, argc, argv);
}

void propagate_to(propagate_fn *fn)
{
    subscribers[subscriber_count++] = fn;
}

void call_observe(void (*fn)(struct client *c))
{
    observers[observer_count++] = fn;
}

void call(struct client *c)
{
    struct command_stats *stats = command_stats(c->command);
    int64_t began_us = clock_ticked_us();
    int64_t errors = reply_errors;
    uint64_t changes = keyspace_changes();
    int db = c->db->id;
    c->command->handler(c);
    if (c->command->flags & CMD_WRITE && keyspace_changes() != changes)
        propagate(db, c->argc, c->argv);
    for (int i = 0; i < observer_count; i++)
        observers[i](c);
    if (reply_errors > errors)
        stats->failed++;
    stats->calls++;
    stats->usec += clock_tick() - began_us;
    calls_total++;
}
