/* aof_log: the file at the end of the log, to which each effect is appended.
 *
 *   handler -> propagate -> pending -+-> write -> fsync
 *                                    |
 *   handler -> reply -> output ------+----------> send
 *
 * What is propagated waits in `pending` as bytes, as a client would send them.
 * It is written before the first reply leaves: one write for all commands of a
 * turn. `appendfsync` says when fsync follows: before the replies leave
 * (always), about once a second in a thread (everysec), or when the kernel
 * likes (no). Knows no command but SELECT. */
#ifndef PERSIST_AOF_LOG_H
#define PERSIST_AOF_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"

enum aof_fsync { FSYNC_NO, FSYNC_ALWAYS, FSYNC_EVERYSEC };

struct aof_log {
    int fd; /* -1: nothing is logged */
    int db; /* that of the last command; -1: SELECT comes first */
    struct buffer pending; /* not in the file yet */
    int64_t size; /* of the file */
    int64_t total; /* of all files of the log */
    int error; /* errno of the last write; 0: it was successful */
    int64_t delayed; /* writes that did not wait for fsync any more */

    int fsync; /* enum aof_fsync */
    bool is_held; /* it waits, although it is due */
};
extern struct aof_log aof_log;

/* Appends a command as a client would send it. */
void append_command(struct buffer *out, int argc, const struct slice *argv);

/* Goes on at the end of that file, and takes the descriptor over: the file
 * before is closed. -1 ends the log. */
void aof_log_open(int fd);

/* Writes what is pending; unless `now`, that may be put off while fsync runs.
 * Ends the process if that fails and fsync is to be called always. */
void aof_log_flush(bool now);

/* Writes and syncs in each turn of the loop, which must be open. */
void aof_log_start(void);

#endif
