/* families: what the files of this folder add. */
#ifndef MORE_PERSIST_FAMILIES_H
#define MORE_PERSIST_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"
#include "persist/rdb_format.h"

extern const struct rdb_format more_rdb_formats[];
extern const struct command more_dump_commands[];
extern const struct command_doc more_rdb_docs[];

/* Adds what a file says of keys besides, and looks closely at values. */
void rdb_extension_open(void);

/* Adds DEBUG RELOAD and what SHUTDOWN does before the end. */
void reload_open(void);

/* Adds what a file may say of save points, and may not of names. */
void rdb_parameters_open(void);

/* Writes integers and long strings in a shorter form. */
void rdb_short_open(void);

/* Refuses writes when a save has failed, and saves at FLUSHALL. */
void care_open(void);

/* Adds what INFO tells of snapshots. */
void rdb_report_open(void);

#endif
