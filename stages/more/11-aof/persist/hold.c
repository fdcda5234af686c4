/* hold: no-appendfsync-on-rewrite. A child that writes a long file keeps the disk
 * busy, and fsync waits for all of that. With this parameter the log goes without
 * fsync as long as there is a child: of a crash of the machine meanwhile the
 * kernel decides what is lost. */
#include "command/call.h"
#include "common/config.h"
#include "more/11-aof/persist/families.h"
#include "net/connection.h"
#include "net/event_loop.h"
#include "persist/aof.h"
#include "persist/aof_log.h"
#include "persist/snapshot.h"

static bool is_wanted;

static const struct config_row hold_config[] = {
    {CONFIG_VALUE(BOOL, "no-appendfsync-on-rewrite", is_wanted, "no")},
    {.name = NULL},
};

/* Before what is written is synced. */
static void note_child(void)
{
    aof_log.is_held = is_wanted && (aof.child || snapshot.child);
}

void hold_open(void)
{
    config_add(hold_config);
    connection_before_send(note_child);
    event_each_turn(note_child);
}
