/* more_aof: registers what INFO tells of the log. */
#include "more/more.h"

#include "more/01-event-loop/command/docs.h"
#include "more/11-aof/persist/families.h"

void more_aof(void)
{
    docs_add(more_aof_docs);
    aof_report_open();
}
