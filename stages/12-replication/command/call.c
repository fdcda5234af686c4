#include "command/call.h"

#include <stdbool.h>

#include "command/args.h"
#include "command/command.h"
#include "common/clock.h"
#include "common/hooks.h"
#include "common/zmalloc.h"
#include "net/client.h"
#include "store/keyspace.h"

static struct hooks subscribers, observers;
static bool is_replaced; /* the running command was propagated as another */

static int units; /* that have begun and not ended */
static bool is_group; /* MULTI was propagated, and EXEC was not */
static int last_db; /* of what was propagated */

/* The first command of a unit, which is held back until it is known whether a
 * second follows. */
static struct {
    int db, argc;
    struct slice *argv; /* a copy; NULL: none is held back */
} held;

/* Hands a command to all that want it. */
static void emit(int db, int argc, const struct slice *argv)
{
    last_db = db;
    hooks_call(&subscribers, propagate_fn, db, argc, argv);
}

/* Hands out the command that is held back. */
static void emit_held(void)
{
    emit(held.db, held.argc, held.argv);
    zfree(held.argv);
    held.argv = NULL;
}

void propagate(int db, int argc, const struct slice *argv)
{
    const struct slice multi = SLICE("MULTI");
    if (subscribers.count == 0)
        return;
    if (held.argv) {
        emit(held.db, 1, &multi);
        is_group = true;
        emit_held();
    } else if (units > 0 && !is_group) {
        held.db = db;
        held.argc = argc;
        held.argv = arguments_copy(argc, argv);
        return;
    }
    emit(db, argc, argv);
}

void unit_begin(void)
{
    units++;
}

/* Ends a group, if no unit has begun that it belongs to. */
static void end_group(void)
{
    const struct slice exec = SLICE("EXEC");
    if (units > 0)
        return;
    if (held.argv)
        emit_held();
    if (is_group)
        emit(last_db, 1, &exec);
    is_group = false;
}

void unit_end(void)
{
    units--;
    end_group();
}

bool unit_has_effects(void)
{
    return held.argv || is_group;
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

/* Within an EXEC the clock does not tick: its commands run at one moment, and
 * no key expires between them. */
void call(struct client *c)
{
    int64_t began_us = units > 0 ? clock_us() : clock_ticked_us();
    uint64_t changes = keyspace_changes();
    int db = c->db->id;
    is_replaced = false;
    unit_begin();
    c->command->handler(c);
    /* What follows is the last of the outermost unit: it need not be held. */
    units--;
    if (c->command->flags & CMD_WRITE && keyspace_changes() != changes &&
        !is_replaced)
        propagate(db, c->argc, c->argv);
    end_group();
    int64_t duration_us = (units > 0 ? clock_us() : clock_tick()) - began_us;
    hooks_call(&observers, call_fn, c, duration_us);
}
