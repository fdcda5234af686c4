/* families: what the files of this folder add. */
#ifndef MORE_AOF_FAMILIES_H
#define MORE_AOF_FAMILIES_H

#include "more/01-event-loop/command/docs.h"

extern const struct command_doc more_aof_docs[];

/* Adds what INFO tells of the log. */
void aof_report_open(void);

#endif
