/* aof: the append-only file: switched on and off, loaded, and rewritten.
 *
 *   base.1 <- incr.1                      all effects since base.1
 *   base.1 <- incr.1 <- incr.2            a rewrite begins: a new file first,
 *                  fork ----> child         then a child that saves the data
 *   base.2 <-------------- incr.2         its file is the new base
 *
 * A log grows with each write; the data it makes may not. So now and then a
 * child process writes a new base, as for a snapshot. What is written meanwhile
 * goes into the next increment, and the files that are loaded are, at any
 * moment, complete. (aof.c in Redis.) */
#ifndef PERSIST_AOF_H
#define PERSIST_AOF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "command/command.h"
#include "common/config.h"
#include "persist/aof_manifest.h"

enum aof_state {
    AOF_OFF,
    AOF_WAITS, /* for the first base: a log without one can't be loaded */
    AOF_ON
};

struct aof {
    enum aof_state state;
    struct manifest manifest;
    int64_t base_size; /* in bytes: of the whole log after the
                          last rewrite; since a start, of its base */
    pid_t child; /* that rewrites; 0: there is none */
    int64_t began_s; /* Unix time of the last rewrite */
    bool is_scheduled; /* one begins as soon as no other child runs */
    bool has_failed; /* the last one */
};
extern struct aof aof;

/* Writes a base, and what its name ends with: a snapshot if nothing else is
 * said. */
extern bool (*aof_write_base)(const char *path);
extern const char *aof_base_suffix;

/* Is called before the manifest is read, if the log is on. Returns false if the
 * server must not start. NULL: there is nothing to do. */
extern bool (*aof_prepare)(void);

extern const struct config_row aof_config[];
extern const struct command aof_commands[];

/* Loads the log, if it is on; from then on effects are logged. Returns false if
 * that fails; the reason is in the server's log. */
bool aof_start(void);

/* Begins the log anew, if it is on, because the data has become another. */
void aof_restart(void);

/* Writes what is pending, and waits until it is on disk. */
void aof_close(void);

#endif
