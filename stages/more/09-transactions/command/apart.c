#include "more/09-transactions/command/apart.h"

#include <stdbool.h>

#include "command/call.h"
#include "command/command.h"
#include "net/client.h"
#include "store/keyspace.h"

enum { WALKS = 2 };

static struct command rows[WALKS + 1]; /* the last has no name */
static void (*handlers[WALKS])(struct client *c); /* of the rows before */
static bool is_walk; /* one of them runs */

static void walk(struct client *c)
{
    is_walk = true;
    handlers[c->command - rows](c);
    is_walk = false;
}

/* Called with each key that was removed, after that was propagated. */
static void end_unit(struct db *db, struct slice key, enum removal why)
{
    (void)db;
    (void)key;
    (void)why;
    if (!is_walk)
        return;
    unit_end();
    unit_begin();
}

void removals_apart_open(void)
{
    static const char *const names[WALKS] = {"scan", "randomkey"};
    for (int i = 0; i < WALKS; i++) {
        rows[i] = *command_find(slice_of(names[i]));
        handlers[i] = rows[i].handler;
        rows[i].handler = walk;
    }
    commands_add(rows);
    keyspace_on_removed(end_unit);
}
