/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_EXPIRY_COMMAND_FAMILIES_H
#define MORE_EXPIRY_COMMAND_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_expire_commands[];
extern const struct command more_usage_commands[];

/* Registers which integers OBJECT REFCOUNT counts as shared. */
void usage_open(void);

extern const struct command_doc more_expiry_docs[]; /* of them all, and of the
                                                       lesson */

#endif
