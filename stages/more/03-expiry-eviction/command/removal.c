#include "more/03-expiry-eviction/command/removal.h"

#include "common/numbers.h"
#include "more/01-event-loop/command/pause.h"
#include "more/02-keyspace/command/debug.h"
#include "more/03-expiry-eviction/command/report.h"
#include "net/client.h"
#include "net/reply.h"
#include "store/keyspace.h"

static bool cycle_is_off; /* DEBUG SET-ACTIVE-EXPIRE 0 */

/* Whether the server may remove a key now. */
static bool allow_removal(enum removal why)
{
    if (why == REMOVAL_BY_CYCLE)
        report_cycle_begins();
    return !pause_holds_writes() && !(why == REMOVAL_BY_CYCLE && cycle_is_off);
}

/* DEBUG SET-ACTIVE-EXPIRE 0|1: whether keys that no client looks up are removed
 * as well. */
static void debug_set_active_expire(struct client *c)
{
    int64_t on = 0;
    parse_int64(c->argv[2], &on);
    cycle_is_off = on == 0;
    reply_ok(c);
}

static const struct debug_row debug_rows[] = {
    {{.name = "debug|set-active-expire",
      .arity = 3,
      .handler = debug_set_active_expire},
     "<0|1>",
     "Stops or starts the removal of expired keys that no client looks up."},
    {{.name = NULL}, NULL, NULL},
};

void removal_open(void)
{
    keyspace_allow_removal(allow_removal);
    debug_add(debug_rows);
}
