/* call: the one way into a handler, and the one way out for its effects. */
#ifndef COMMAND_CALL_H
#define COMMAND_CALL_H

#include <stdint.h>

#include "common/slice.h"

struct client;
struct command;

/* Runs the handler of c->command, counts it, and propagates what it changed. */
void call(struct client *c);

/* What a write is to be repeated as, by a log or another server, leaves through
 * here: once for each change, in the order in which they were made. */
void propagate(int db, int argc, const struct slice *argv);

/* Calls fn for each propagated command from now on. */
typedef void propagate_fn(int db, int argc, const struct slice *argv);
void propagate_to(propagate_fn *fn);

/* Calls fn with each command that has just run. */
void call_observe(void (*fn)(struct client *c));

/* How many commands were called since the start or CONFIG RESETSTAT. */
extern int64_t calls_total;

#endif
