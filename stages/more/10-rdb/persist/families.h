/* families: what the files of this folder add. */
#ifndef MORE_PERSIST_FAMILIES_H
#define MORE_PERSIST_FAMILIES_H

#include "command/command.h"
#include "more/01-event-loop/command/docs.h"
#include "persist/rdb_format.h"

extern const struct rdb_format more_rdb_formats[];
extern const struct command more_dump_commands[];
extern const struct command_doc more_rdb_docs[];

/* Called while a file is read, before each of its parts; and while one is
 * written, at its begin and before each key. NULL: it is not called. */
struct rdb_progress {
    void (*loading)(const struct rdb_reader *r);
    void (*used_memory)(int64_t bytes); /* of the server that wrote the file */
    void (*fact)(struct slice name, struct slice value); /* about that server */
    void (*saving)(bool begins);
    void (*facts)(struct rdb_writer *w); /* writes others about the server */
};
extern struct rdb_progress rdb_progress;

/* Whether the file that is written is the base of a log. */
extern bool rdb_is_base;

/* Waits, as a parameter says that is there for tests; below 0: 1 us, and once
 * in so many calls. */
void delay_us(int64_t us);

/* Adds what DEBUG has for RESTORE. */
void dump_open(void);

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

/* Serves clients while a file is read at the start. */
void loading_open(void);

/* Lets a child that saves tell how far it is. */
void child_open(void);

/* Appends what the child has told; the second, what it told at its end. */
struct buffer;
void child_append(struct buffer *out);
void child_append_last(struct buffer *out);

/* Returns whether there is a child that saves for another reason. NULL: there
 * is none. */
extern bool (*child_else)(void);

/* Returns how much memory the child did not share when it ended, in bytes. */
int64_t child_own_bytes(void);

/* Counts forks, for INFO. */
void forks_open(void);

/* Adds what INFO tells of snapshots. */
void rdb_report_open(void);

#endif
