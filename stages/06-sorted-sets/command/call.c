#include "command/call.h"

#include <stdbool.h>

#include "command/command.h"
#include "common/clock.h"
#include "common/hooks.h"
#include "net/client.h"
#include "store/keyspace.h"

static struct hooks subscribers, observers;
static bool is_replaced; /* the running command was propagated as another */

void propagate(int db, int argc, const struct slice *argv)
{
    hooks_call(&subscribers, propagate_fn, db, argc, argv);
}

void propagate_as(struct client *c, int argc, const struct slice *argv)
{
    is_replaced = true;
    if (argc > 0)
        propagate(c->db->id, argc, argv);
}

void propagate_to(propagate_fn *fn)
{
    hooks_add(&subscribers, (hook_fn *)fn);
}

void call_observe(call_fn *fn)
{
    hooks_add(&observers, (hook_fn *)fn);
}

void call(struct client *c)
{
    int64_t began_us = clock_ticked_us();
    uint64_t changes = keyspace_changes();
    int db = c->db->id;
    is_replaced = false;
    c->command->handler(c);
    if (c->command->flags & CMD_WRITE && keyspace_changes() != changes &&
        !is_replaced)
        propagate(db, c->argc, c->argv);
    int64_t duration_us = clock_tick() - began_us;
    hooks_call(&observers, call_fn, c, duration_us);
}
