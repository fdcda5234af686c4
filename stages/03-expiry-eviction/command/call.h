/* call: the one way into a handler, and the one way out for its effects. */
#ifndef COMMAND_CALL_H
#define COMMAND_CALL_H

#include <stdint.h>

#include "common/slice.h"

struct client;

/* Runs the handler of c->command, and propagates the command if it has changed
 * data, unless the handler called propagate_as. */
void call(struct client *c);

/* What a write is to be repeated as, by a log or another server, leaves through
 * here: once for each change, in the order in which they were made. */
void propagate(int db, int argc, const struct slice *argv);

/* For a handler whose effect is not what the client sent: propagates these
 * arguments instead. */
void propagate_as(struct client *c, int argc, const struct slice *argv);

/* Calls fn for each propagated command from now on. */
typedef void propagate_fn(int db, int argc, const struct slice *argv);
void propagate_to(propagate_fn *fn);

/* Calls fn with each command that has just run, and for how long. */
typedef void call_fn(struct client *c, int64_t duration_us);
void call_observe(call_fn *fn);

#endif
