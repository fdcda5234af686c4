/* aof_loading: clients are served while the commands of a long log are executed
 * at the start, as they are while a snapshot is loaded.
 *
 * A command may take longer than its bytes tell, so a turn of the event loop is
 * made every so many commands as well. None is made by DEBUG LOADAOF, which is
 * inside the loop already. */
#include <stdint.h>

#include "more/10-rdb/persist/loading.h"
#include "more/11-aof/persist/families.h"
#include "persist/aof_load.h"

enum { COMMANDS = 1024 }; /* from one turn to the next */

static void note_command(size_t at, size_t end)
{
    static uint64_t count;
    loading_note((int64_t)at, (int64_t)end, ++count % COMMANDS == 0);
}

void aof_loading_open(void)
{
    aof_progress = note_command;
}
