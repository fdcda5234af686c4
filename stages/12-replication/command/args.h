/* args: arguments that are numbers, and arguments that are kept.
 *
 * Each function but the last parses one and returns true. It replies with an
 * error and returns false if the argument is invalid. */
#ifndef COMMAND_ARGS_H
#define COMMAND_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/slice.h"

struct client;

/* Accepts any int64. */
bool integer_or_reply(struct client *c, struct slice arg, int64_t *out);

/* Accepts an integer within these bounds, both inclusive. `error` is the reply
 * to one outside; what isn't an integer at all gets the error of
 * integer_or_reply. */
bool range_or_reply(struct client *c, struct slice arg, int64_t min,
                    int64_t max, int64_t *out, const char *error);

/* Returns a copy of the arguments, with their bytes behind them: one allocation
 * that the caller frees. */
struct slice *arguments_copy(int argc, const struct slice *argv);

#endif
