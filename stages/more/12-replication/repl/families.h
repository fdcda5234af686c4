/* families: what the files of this folder add. */
#ifndef MORE_REPLICATION_FAMILIES_H
#define MORE_REPLICATION_FAMILIES_H

#include <stdbool.h>
#include <stdint.h>

#include "more/01-event-loop/command/docs.h"

struct client;

/* Flags of clients. */
enum {
    CLIENT_FILE_ONLY = 1 << 26,
    CLIENT_PRIMARY = 1 << 27,
    CLIENT_FILTERED = 1 << 28, /* wants a part of a snapshot */
    CLIENT_TAKES_MARK = 1 << 29 /* at the end of a snapshot */
};

extern const struct command_doc more_replication_docs[];

/* Adds SYNC and what PSYNC and REPLCONF can do besides. */
void sync_open(void);

/* Of snapshots and streams that were sent since the start or CONFIG
 * RESETSTAT. */
struct sync_stats {
    int64_t full, partial, refused; /* the last: partial ones */
};
extern struct sync_stats sync_stats;

/* Adds what a replica tells its primary: a password and an address. */
void handshake_open(void);

/* Adds SLAVEOF, and a REPLICAOF that FAILOVER can stop. */
void role_open(void);

/* Adds FAILOVER. */
void failover_open(void);

/* The state of a failover as INFO tells it. */
const char *failover_state(void);
bool failover_is_underway(void);

/* Adds what makes a server refuse commands: too few replicas, old data. */
void refusal_open(void);

/* Returns how many replicas count for min-replicas-to-write; -1: it is off. */
int refusal_good_replicas(void);

/* Expires keys that were written here, on a replica. */
void own_keys_open(void);

/* Notes whether the command that is about to run writes. */
struct client;
void own_keys_check(const struct client *c);

/* Keeps the place in the history over a restart, and ends it after a time. */
void history_open(void);

/* Sends messages to replicas. */
void messages_open(void);

/* Lets CLIENT tell links from clients, and limits what waits for replicas. */
void classes_open(void);

/* Lets SHUTDOWN wait for replicas. */
void farewell_open(void);

/* Adds what INFO tells of replication. */
void replication_report_open(void);

/* Adds snapshots that end with a mark. */
void mark_open(void);

#endif
