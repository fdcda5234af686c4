/* families: names the tables of rows and docs of this folder. */
#ifndef MORE_STREAMS_COMMAND_FAMILIES_H
#define MORE_STREAMS_COMMAND_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"

extern const struct command more_stream_commands[];
extern const struct command more_claim_commands[];
extern const struct command more_pending_commands[];
extern const struct command more_stream_info_commands[];

extern const struct command_doc more_stream_docs[]; /* of them all, and of the
                                                       lesson */

#endif
