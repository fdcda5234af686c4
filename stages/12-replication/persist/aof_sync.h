/* aof_sync: fsync in a thread of its own.
 *
 * `write` gives bytes to the kernel, which writes them to the disk when it
 * likes. `fsync` waits until it has done so: milliseconds, or seconds if the
 * disk is busy. In the event loop every client would wait that long, so a
 * thread does it. It allocates nothing and knows descriptors only. */
#ifndef PERSIST_AOF_SYNC_H
#define PERSIST_AOF_SYNC_H

#include <stdbool.h>

/* Lets the thread call fsync for the descriptor and close it. The first call
 * starts the thread. */
void sync_later(int fd);

/* Returns whether the thread has something to do. */
bool sync_is_busy(void);

/* Returns errno of the last fsync, 0 if it was successful. */
int sync_error(void);

#endif
