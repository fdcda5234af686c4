/* more_rdb: registers the formats of older files, DUMP and RESTORE, and what
 * DEBUG, INFO and SHUTDOWN have to do with snapshots. */
#include "more/more.h"

#include "more/01-event-loop/command/docs.h"
#include "more/10-rdb/persist/families.h"
#include "persist/rdb_format.h"

void more_rdb(void)
{
    rdb_formats_add(more_rdb_formats);
    commands_add(more_dump_commands);
    docs_add(more_rdb_docs);
    dump_open();
    rdb_extension_open();
    rdb_short_open();
    rdb_parameters_open();
    care_open();
    reload_open();
    loading_open();
    child_open();
    forks_open();
    rdb_report_open();
}
