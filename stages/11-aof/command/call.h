/* call: the one way into a handler, and the one way out for its effects.
 *
 * What a write command changed has to reach others: a log on disk, replicas.
 * They get a command that repeats the effect. Usually that is the command as
 * the client sent it; a handler for which it is not names another one: SET with
 * GET is repeated without GET, because no client waits for the old value there.
 *
 *   dispatch -> call -> handler -> propagate_as    another command
 *                 |
 *                 +-> propagate                    else, if data has changed
 *
 * What one command does belongs together, and so does what one EXEC does: the
 * outermost call is a unit. If a unit propagates more than one command, they
 * stand between MULTI and EXEC. */
#ifndef COMMAND_CALL_H
#define COMMAND_CALL_H

#include <stdint.h>

#include "common/slice.h"

struct client;

/* Runs the handler of c->command. Propagates the command if it is a write
 * command and has changed data, unless the handler called propagate_as. */
void call(struct client *c);

/* Propagates a command that repeats a change in that database: hands it to each
 * function of propagate_to. Changes must be propagated in the order in which
 * they were made, each once. The arguments are valid during the call. */
void propagate(int db, int argc, const struct slice *argv);

/* Begin and end a unit of what is propagated. Units nest: the outermost counts.
 * call() does so for commands. */
void unit_begin(void);
void unit_end(void);

/* Returns whether a unit that has not ended has propagated something. */
bool unit_has_effects(void);

/* Propagates these arguments instead of the client's. For a handler whose
 * effect would not be the same if the client's command ran again. With argc 0
 * nothing is propagated. */
void propagate_as(struct client *c, int argc, const struct slice *argv);

/* Calls fn for each propagated command from now on. */
typedef void propagate_fn(int db, int argc, const struct slice *argv);
void propagate_to(propagate_fn *fn);

/* Calls fn after each command, with the client and how long its handler ran. */
typedef void call_fn(struct client *c, int64_t duration_us);
void call_observe(call_fn *fn);

#endif
