/* snapshot: the file that the data is saved in, and read from at the start.
 *
 *   SAVE       server ---------- writes ----------> temp-42.rdb -> dump.rdb
 *
 *   BGSAVE     server - fork - goes on serving ------ learns that it is done
 *                        |
 *                      child ---- writes ---------> temp-43.rdb -> dump.rdb
 *
 * A child has the memory as it was at the fork: the kernel copies a page only
 * when the server or the child changes it. The file gets its name when it is
 * complete and on disk, so the file of that name is whole at any moment. */
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
    uint64_t child_changes; /* keyspace_changes() at the fork */
    uint64_t saved_changes; /* the same at the last successful save */
    int64_t saved_s; /* its Unix time */
    int64_t tried_s; /* Unix time of the last BGSAVE */
    bool has_failed; /* the last BGSAVE did */
    bool is_scheduled; /* the timer is to begin one */
    struct rdb_load load; /* what the last file that was read had */
};
extern struct snapshot snapshot;

/* Calls fn when a save ends, with whether it was successful. Of saves that
 * fail, only those in the background count. */
void snapshot_on_end(void (*fn)(bool done));

extern const struct config_row snapshot_config[];
extern const struct command snapshot_commands[];

/* Registers formats, and the save at the end. Call it before the configuration
 * is read. */
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

/* Reads a snapshot from the bytes of a file. Returns false if it is damaged;
 * the reason is in the log. */
bool snapshot_load(struct slice bytes);

/* Reads the file, if there is one, into databases that are empty. Returns false
 * if it cannot be read or is damaged; the reason is in the log. */
bool snapshot_read(void);

/* The same at the start of the server, which then begins to watch the save
 * points. */
bool snapshot_start(void);

/* Saves now. Returns false if that failed; the reason is in the log. */
bool snapshot_save(void);

/* Forks a child that saves; there must be none. Returns false if it failed. */
bool snapshot_begin(void);

/* Ends the child, if there is one, and removes what it has written. */
void snapshot_abort(void);

/* Returns whether there are save points. */
bool snapshot_has_points(void);

#endif
