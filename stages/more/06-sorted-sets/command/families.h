/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_SORTED_SETS_COMMAND_FAMILIES_H
#define MORE_SORTED_SETS_COMMAND_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_zset_commands[];
extern const struct command more_zset_range_commands[];
extern const struct command more_zset_algebra_commands[];

extern const struct command_doc more_zset_docs[]; /* of them all, and of the
                                                     lesson */

#endif
