/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_HASHES_SETS_COMMAND_FAMILIES_H
#define MORE_HASHES_SETS_COMMAND_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_hash_commands[];
extern const struct command more_set_commands[];

extern const struct command_doc more_hash_set_docs[]; /* of them all, and of the
                                                         lesson */

#endif
