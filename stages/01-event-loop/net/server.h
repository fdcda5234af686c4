/* server: listens, takes connections in, and looks after them.
 *
 * One process, one thread: accepting, reading, executing and sending take
 * turns in the event loop. */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "net/client.h"

/* What has been counted since the start or the last CONFIG RESETSTAT. */
struct net_stats {
    int64_t connections_received;
    int64_t connections_rejected;
};
extern struct net_stats net_stats;

/* Opens the event loop and listens where the settings say. False when it
 * cannot; the reason is in the log. */
bool server_open(void);

/* Serves clients until server_stop or SIGTERM or SIGINT, then closes all. */
void server_run(execute_fn *execute);
void server_stop(void);

/* Lets the postponed commands of all clients begin again. */
void server_resume_postponed(void);

/* Raises the limit of open files for `max_clients`; *granted is how many the
 * system allows, if fewer. */
bool server_adjust_open_files(int64_t max_clients, int64_t *granted);

#endif
