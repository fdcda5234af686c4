/* sort: SORT and SORT_RO. */
#ifndef MORE_COMMAND_SORT_H
#define MORE_COMMAND_SORT_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_sort_commands[];
extern const struct command_doc more_sort_docs[];

/* Lets texts be compared as in the language that the environment names: LANG,
 * LC_COLLATE. */
void sort_open(void);

#endif
