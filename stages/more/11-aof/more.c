/* more_aof: registers what completes the log: other forms of its files, DEBUG
 * LOADAOF, and what INFO tells of it. */
#include "more/more.h"

#include "more/01-event-loop/command/docs.h"
#include "more/11-aof/persist/families.h"

void more_aof(void)
{
    docs_add(more_aof_docs);
    annotate_open();
    base_open();
    upgrade_open();
    mixed_open();
    loadaof_open();
    aof_loading_open();
    hold_open();
    first_base_open();
    aof_parameters_open();
    aof_report_open();
}
