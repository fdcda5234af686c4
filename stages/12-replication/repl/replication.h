/* replication: which role this server has, and how it changes.
 *
 *                  REPLICAOF host port
 *    primary  ----------------------------->  replica
 *             <-----------------------------
 *                  REPLICAOF NO ONE
 *
 *   primary   its effects are the stream; expires and evicts keys
 *   replica   the stream of another is executed and passed on; clients may only
 *             read; a key whose time is over is missing, but stays until the
 *             stream deletes it
 *
 * A primary that becomes a replica offers its own place in its own history: if
 * the other one goes on from there, nothing but the rest of the stream is sent.
 * A replica that is promoted keeps its replicas' places valid in the same way,
 * by id2. */
#ifndef REPL_REPLICATION_H
#define REPL_REPLICATION_H

#include <stdint.h>

#include "command/command.h"
#include "common/config.h"
#include "common/slice.h"

extern const struct config_row replication_config[];
extern const struct command replication_commands[];

/* Changes the role: to follow that server or, if the host's ptr is NULL,
 * nobody. */
void replication_follow(struct slice host, int64_t port);

/* Registers what the layer consists of. Call it before the configuration is
 * read. */
void replication_open(void);

/* Begins to look after links. Call it when the data is loaded. */
void replication_start(void);

/* Frees what is kept, when no client is left. */
void replication_close(void);

void wait_command(struct client *c);

/* Ends the waits for what is reached now. Call it after an ACK. */
void wait_serve(void);

#endif
