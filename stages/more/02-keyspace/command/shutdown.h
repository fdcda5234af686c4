/* shutdown: what SHUTDOWN does before the server stops. */
#ifndef MORE_COMMAND_SHUTDOWN_H
#define MORE_COMMAND_SHUTDOWN_H

#include <stdbool.h>

struct client;

enum shutdown_flag {
    SHUTDOWN_NOSAVE = 1 << 0,
    SHUTDOWN_SAVE = 1 << 1,
    SHUTDOWN_NOW = 1 << 2,
    SHUTDOWN_FORCE = 1 << 3, /* whatever fails */
    SHUTDOWN_ABORT = 1 << 4,
};

/* Calls fn with the options of SHUTDOWN. The server goes on if it returns
 * false. Returns the function that was called until now, which fn has to call,
 * or NULL. */
typedef bool shutdown_fn(unsigned flags);
shutdown_fn *shutdown_prepare(shutdown_fn *fn);

#define ERR_SHUTDOWN "ERR Errors trying to SHUTDOWN. Check logs."

/* A shutdown that waits for something. */
struct shutdown_delay {
    /* Begins to wait, and replies to the client when that is over. Returns false
     * if there is nothing to wait for. */
    bool (*begin)(struct client *c, unsigned flags);
    /* Ends it without a shutdown. Returns false if there is none. */
    bool (*abort)(void);
};
void shutdown_delay_by(const struct shutdown_delay *d);

/* Prepares, and stops the server. Returns false if it goes on. */
bool shutdown_finish(unsigned flags);

#endif
