/* families: what the files of this folder add. */
#ifndef MORE_AOF_FAMILIES_H
#define MORE_AOF_FAMILIES_H

#include <stdbool.h>

#include "more/01-event-loop/command/docs.h"

extern const struct command_doc more_aof_docs[];

/* Adds aof-timestamp-enabled. */
void annotate_open(void);

/* Appends a line with the time, if that is to be and the last one has another;
 * or whatever the last one has. */
struct buffer;
void annotate(struct buffer *out, bool always);

/* Adds aof-use-rdb-preamble: a base of commands. */
void base_open(void);

/* Names the next base as it is configured. */
void base_note_form(void);

/* Takes over the log of an older version when the server starts. */
void upgrade_open(void);

/* Reads a file that begins with a snapshot and goes on with commands. */
void mixed_open(void);

/* Adds DEBUG LOADAOF. */
void loadaof_open(void);

/* Called when it begins, and when all that it has propagated has been: nothing of
 * that is news to anybody. NULL: nobody is told. */
extern void (*loadaof_pauses)(bool begins);

/* Serves clients while commands are executed at the start. */
void aof_loading_open(void);

/* Adds no-appendfsync-on-rewrite. */
void hold_open(void);

/* Refuses a shutdown while the first base of a log is written. */
void first_base_open(void);

/* Adds what the names of files may be. */
void aof_parameters_open(void);

/* Adds what INFO tells of the log. */
void aof_report_open(void);

#endif
