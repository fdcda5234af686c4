/* snapshot: the file that the data is saved in, and read from at the start.
 *
 *   SAVE       server ---------- writes ----------> temp-42.rdb -> dump.rdb
 *
 *   BGSAVE     server - fork - goes on serving ------ learns that it is done
 *                        |
 *                      child ---- writes ---------> temp-43.rdb -> dump.rdb
 *
 * A child has the memory as it was when it was forked: the kernel copies a page
 * only when the server or the child changes it. The file gets its name when it
 * is complete and on disk, so at any moment the one of that name is whole. */
#ifndef PERSIST_SNAPSHOT_H
#define PERSIST_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "command/command.h"
#include "common/config.h"
#include "persist/rdb.h"

struct snapshot {
    pid_t child; /* the process that saves; 0: there is none */
    uint64_t child_changes; /* keyspace_changes() when it was forked */
    uint64_t saved_changes; /* the same of what is in the file */
    int64_t saved_s; /* Unix time of the last save that was successful */
    int64_t tried_s; /* and of the last one in the background */
    bool has_failed; /* the last one in the background */
    bool is_scheduled; /* one begins as soon as none has just failed */
    bool has_to_wait; /* none begins: another child process is at work */
    struct rdb_load load; /* what was in the file that was read last */
};
extern struct snapshot snapshot;

/* Calls fn when a save ends, and with whether it was successful: any save, but
 * of those that fail only one in the background. */
void snapshot_on_end(void (*fn)(bool done));

extern const struct config_row snapshot_config[];
extern const struct command snapshot_commands[];

/* Registers what a server that saves does: call it before the configuration is
 * read. */
void snapshot_open(void);

/* Writes all keys into a new file, and waits until they are on disk. Returns
 * false with errno if that fails. */
bool snapshot_write(const char *path);

/* Waits until the names in a directory are on disk. */
bool sync_directory(const char *path);

/* Maps a file into memory, to be read, until it is unmapped. Returns false with
 * errno if that fails. */
bool file_map(const char *path, struct slice *bytes);
void file_unmap(struct slice bytes);

/* Reads a snapshot from the bytes of a file. Returns false if it is damaged; the
 * reason is in the log. */
bool snapshot_load(struct slice bytes);

/* Reads the file, if there is one, into databases that are empty. Returns false
 * if it cannot be read or is damaged; the reason is in the log. */
bool snapshot_read(void);

/* Watches the save points from now on. */
void snapshot_start(void);

/* Saves now. Returns false if that failed; the reason is in the log. */
bool snapshot_save(void);

/* Begins to save in the background, where nothing does so already. Returns false
 * if that failed. */
bool snapshot_begin(void);

/* Ends the child that saves, if there is one, and removes what it has
 * written. */
void snapshot_abort(void);

/* Returns whether the server saves by itself. */
bool snapshot_has_points(void);

#endif
