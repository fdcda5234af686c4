/* rules: what a transaction may do. */
#ifndef MORE_TRANSACTIONS_COMMAND_RULES_H
#define MORE_TRANSACTIONS_COMMAND_RULES_H

#include <stdbool.h>

struct client;

/* The check between a command's row and its handler, as check_permitted is.
 * Replies with an error and returns false if the command must not be in a
 * transaction, too. */
bool check_permitted_and_allowed(struct client *c);

/* Whether CLIENT PAUSE WRITE holds back the client's command. EXEC is held back
 * by what is in its queue. */
bool is_held_by_pause(const struct client *c);

/* Whether the client's command may need more memory. EXEC does if one in its
 * queue does, and so does what is queued, for being kept. */
bool transaction_needs_memory(const struct client *c);

/* Begins to observe what commands in a transaction do. */
void transaction_rules_open(void);

#endif
