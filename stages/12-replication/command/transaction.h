/* transaction: MULTI, EXEC and DISCARD, for commands that run together.
 *
 *   MULTI      dispatch -> checks -> queue          +QUEUED
 *   EXEC       dispatch -> checks -> call, for each that is in the queue
 *
 * Between MULTI and EXEC a client's commands pass all checks of dispatch, and
 * are then kept instead of executed. EXEC executes them one after the other.
 * Nothing comes between them, because the server has a single thread, and a
 * handler returns before the loop goes on: that is all there is to it.
 *
 * What a check refuses can't be kept, and EXEC then executes nothing. What
 * fails when it is executed is an error like any other, and undoes nothing. */
#ifndef COMMAND_TRANSACTION_H
#define COMMAND_TRANSACTION_H

#include <stdbool.h>

#include "common/slice.h"

struct client;
struct command;

/* A command that waits for EXEC. */
struct queued {
    const struct command *command;
    int argc;
    struct slice *argv; /* a copy: the input buffer is used again */
};

/* What is kept for each client. */
struct transaction {
    struct queued *queue; /* NULL: it is empty */
    int count, capacity;
    unsigned flags; /* enum command_flag, of all commands in the queue */
};

struct transaction *transaction_of(const struct client *c);

/* Keeps the command in c->argv for EXEC, replies that it is queued, and returns
 * true. Returns false if it is to be executed now. */
bool transaction_queue(struct client *c);

/* Returns the flags of enum command_flag that hold for the client's command:
 * for EXEC, those of all commands in the queue. */
unsigned transaction_flags(const struct client *c);

/* Returns what the text of an error begins with if a check refuses the client's
 * command; NULL if the command is another one than EXEC. */
const char *transaction_error_prefix(const struct client *c);

/* Call it with each client whose command was stopped by a check: its EXEC must
 * fail. If the command is EXEC, the transaction ends. */
void transaction_note_rejected(struct client *c);

/* Ends the transaction of a client that may have begun one: frees its queue,
 * and watches no key any more. */
void transaction_discard(struct client *c);

/* Call it before the first client connects. */
void transaction_open(void);

#endif
