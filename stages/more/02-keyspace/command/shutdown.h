/* shutdown: what SHUTDOWN does before the server stops. */
#ifndef MORE_COMMAND_SHUTDOWN_H
#define MORE_COMMAND_SHUTDOWN_H

#include <stdbool.h>

enum shutdown_flag {
    SHUTDOWN_NOSAVE = 1 << 0,
    SHUTDOWN_SAVE = 1 << 1,
    SHUTDOWN_NOW = 1 << 2,
    SHUTDOWN_FORCE = 1 << 3, /* whatever fails */
    SHUTDOWN_ABORT = 1 << 4,
};

/* Calls fn with the options of SHUTDOWN. The server goes on if it returns
 * false. */
typedef bool shutdown_fn(unsigned flags);
void shutdown_prepare(shutdown_fn *fn);

#endif
