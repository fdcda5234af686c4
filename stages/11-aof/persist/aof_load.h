/* aof_load: builds the data again from a log.
 *
 * The base is read as a snapshot is, and the commands of the increments are
 * executed in the order in which they took effect, by a client without a
 * connection. Time stands still for keys meanwhile: one that expired was
 * deleted by the log itself, at its place among the others. */
#ifndef PERSIST_AOF_LOAD_H
#define PERSIST_AOF_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"
#include "persist/aof_manifest.h"

/* Whether a command that is incomplete at the very end is cut off. */
extern bool aof_load_truncated;

/* Returns how many bytes of a file that begins with a snapshot are that:
 * commands follow. NULL: all of them are. */
extern size_t (*aof_snapshot_length)(const char *path, struct slice bytes);

/* Is called before each command, with its offset and the length of the file. No
 * command is being executed then. NULL: nothing is. */
extern void (*aof_progress)(size_t at, size_t end);

/* Loads all files into databases that are empty, and counts the bytes of the
 * base and of all. Returns false if one of them is damaged; the reason is in
 * the log. */
bool aof_load(const struct manifest *m, int64_t *base_bytes, int64_t *bytes);

#endif
